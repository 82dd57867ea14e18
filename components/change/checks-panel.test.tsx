// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { ChecksPanel } from './checks-panel';
import { testView } from './test-view';

afterEach(cleanup);

const warning = {
  id: 'incidents',
  title: 'No incident is running',
  result: 'warn',
  detail: 'Critical alerts of Shop API fire now: Down.',
} as const;
const checks = { at: '2026-11-21T13:50:00.000Z', prechecks: [warning] };

it('shows who signs what the checks found, with their age', () => {
  const { container } = render(<ChecksPanel view={{ ...testView('InReview'), checks }} />);
  expect(screen.getByText(warning.detail)).toBeDefined();
  expect(container.querySelector('time')?.getAttribute('dateTime')).toBe(checks.at);
  expect(container.textContent).toContain('looked at again before the first write');
});

it('of a change that has started says only what was found', () => {
  const view = { ...testView('Running', { startedAt: '2026-11-21T14:00:00.000Z' }), checks };
  const { container } = render(<ChecksPanel view={view} />);
  expect(container.textContent).not.toContain('looked at again');
});

it('shows nothing where nothing was kept', () => {
  const { container } = render(<ChecksPanel view={testView('InReview')} />);
  expect(container.textContent).toBe('');
});
