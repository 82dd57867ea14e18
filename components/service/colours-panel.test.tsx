// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import type { PairMember, PairView } from '@/lib/service/workloads-contract';
import { ColoursPanel } from './colours-panel';

afterEach(cleanup);

const at = '2026-11-21T10:00:00.000Z';
const member = (colour: 'blue' | 'green', share: number | null, more: Partial<PairMember> = {}) => ({
  ...{ colour, share, deployment: `api-${colour}`, version: '3.1.0' },
  ...{ desired: 3, pods: 3, ready: 3, sentence: '' },
  ...more,
});
const show = (blue: PairMember, green: PairMember, problem: string | null = null) => {
  const value: PairView = { members: [blue, green], live: problem === null ? 'blue' : null, problem };
  render(<ColoursPanel pair={{ state: 'fresh', observedAt: at, value }} />);
  return screen.getAllByRole('listitem').map(({ textContent }) => textContent);
};

it('tells the colour that is asked from the idle one, which may have no pods', () => {
  const idle = member('green', 0, { desired: 0, pods: 0, ready: 0, version: '3.0.0' });
  expect(show(member('blue', 1), idle)).toEqual([
    expect.stringMatching(/^blue.*Takes all requests.*api-blue.*3\.1\.0.*3 pods$/),
    expect.stringMatching(/^green.*Idle.*api-green.*3\.0\.0.*0 pods$/),
  ]);
});

it('gives both shares while both are asked', () => {
  expect(show(member('blue', 0.95), member('green', 0.05, { ready: 1 }))).toEqual([
    expect.stringContaining('Takes 95 %'),
    expect.stringMatching(/Takes 5 %.*1 of 3 pods ready/),
  ]);
});

it('says why it is not known, and guesses nothing', () => {
  const gone = member('green', null, { version: null, desired: null, pods: 0, ready: 0 });
  const rows = show(member('blue', null), gone, 'Which colour takes the requests cannot be told: HTTP 403.');
  expect(screen.getByText(/HTTP 403/)).toBeDefined();
  expect(rows).toEqual([
    expect.stringContaining('Not known'),
    expect.stringMatching(/Not known.*the Deployment is not there/),
  ]);
});
