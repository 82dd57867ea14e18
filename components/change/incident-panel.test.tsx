// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { IncidentPanel } from './incident-panel';
import { stagedView } from './testing/staged-view';

afterEach(cleanup);

const incident = {
  what: 'the critical alert Down fires',
  since: '2026-01-01T10:30:00.000Z',
  endsApproval: false,
};
const shown = (...incidents: (typeof incident)[]) =>
  render(<IncidentPanel view={stagedView('InReview', { view: { incidents } })} />).container;

it('says nothing while none is open', () => {
  expect(shown().textContent).toBe('');
});

it('names what is open, and says to who signs that they sign knowing it', () => {
  expect(shown(incident).textContent).toContain('The critical alert Down fires since');
  expect(screen.getByText(/in the knowledge of it/)).toBeDefined();
});

it('says that the change will not start once somebody had signed before', () => {
  shown(incident, { ...incident, what: 'the status page says “Slow”', endsApproval: true });
  expect(screen.getAllByRole('listitem')).toHaveLength(2);
  expect(screen.getByText(/opened after a sign-off, so the change will not start/)).toBeDefined();
});
