// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { ExportLinks } from './export-links';
import { usualChoice } from './page-url';
import { testPage } from './test-page';

afterEach(cleanup);

it('hands the page out as files, and the rules of its objective in its environment', () => {
  const page = testPage();
  render(<ExportLinks page={page} choice={usualChoice} />);
  const links = screen.getAllByRole('link');
  expect(links.map(({ textContent }) => textContent)).toEqual(['CSV', 'JSON', 'OpenSLO', 'Prometheus rules']);
  expect(screen.getByRole('link', { name: 'Prometheus rules' }).getAttribute('href')).toBe(
    `/api/v1/slos/${page.row.id}/rules?environment=${page.row.environment}`,
  );
});
