// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { DriftPanel } from './drift-panel';
import { stagedView } from './testing/staged-view';

afterEach(cleanup);

it('drift of several objects stands below each, also when two differ in the same field', () => {
  const [first, , router] = stagedView('InReview').plan.staged?.objects ?? [];
  if (first === undefined || router === undefined) throw new Error('The plan has objects.');
  const line = { path: 'spec.replicas', before: '0', after: '2' };
  const drift = [
    { ...line, object: first.key },
    { ...line, object: router.key },
  ];
  render(<DriftPanel view={stagedView('InReview', { view: { drift } })} />);
  expect(screen.getAllByRole('heading', { level: 3 }).map((one) => one.textContent)).toEqual([
    'Deployment fraiseql/fraiseql-api-greengets the new version in us-east-1',
    'VirtualService fraiseql/fraiseql-apisends the requests in us-east-1',
  ]);
  expect(screen.getAllByText('spec.replicas')).toHaveLength(2);
  expect(screen.getByText(/changed what the plan starts from/)).toBeDefined();
});
