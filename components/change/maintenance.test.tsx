// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChangeView } from '@/lib/change/contract';
import type { PlannedObject, StagedStep } from '@/lib/change/staged/contract';
import { stagedPlan } from '@/lib/change/testing/staged-plan';
import { ChangeHead } from './change-head';
import { StagedSteps } from './staged-steps';
import { SteerBar } from './steer-bar';
import { stagedView } from './testing/staged-view';
import { TrafficPanel } from './traffic-panel';
import { VerdictPanel } from './verdict-panel';

beforeEach(() => vi.stubGlobal('fetch', () => new Promise<Response>(() => undefined)));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const { staged } = stagedPlan;
const mapOf = (region: string): PlannedObject => ({
  part: 'maintenance',
  kind: 'ConfigMap',
  name: 'fraiseql-api-maintenance',
  key: `${region}/ConfigMap/fraiseql/fraiseql-api-maintenance`,
  region,
  cluster: region,
  clusterUid: 'cluster',
  namespace: 'fraiseql',
  uid: `${region}-map`,
  baseline: { mode: 'off' },
});
const told = (region: string, mode: string): StagedStep => ({
  do: 'write',
  object: mapOf(region).key,
  set: { mode },
});

/** Pods of the first region; both regions refuse; the first gets its requests; both answer; then the second region. */
const steps: StagedStep[] = [
  ...staged.steps.slice(0, 2),
  told('us-east-1', 'on'),
  told('eu-west-1', 'on'),
  ...staged.steps.slice(2, 4),
  told('us-east-1', 'off'),
  told('eu-west-1', 'off'),
  ...staged.steps.slice(4),
];
const plan = {
  ...stagedPlan,
  steps: steps.map((_, index) => ({
    n: index + 1,
    kind: 'write' as const,
    title: `Step ${index + 1}`,
    detail: '',
    usualSeconds: 10,
  })),
  staged: { ...staged, objects: [...staged.objects, ...staged.regions.map(mapOf)], steps },
};

function at(running: number, change: Partial<ChangeView['change']> = {}): ChangeView {
  const view = stagedView(change.finishedAt ? 'Succeeded' : 'Running', { running, change });
  return {
    ...view,
    plan,
    steps: plan.steps.map(({ n, kind, title, usualSeconds }) => ({
      n,
      kind,
      title,
      state: n < running ? 'done' : n === running ? 'running' : 'pending',
      startedAt: null,
      finishedAt: null,
      usualSeconds,
      detail: null,
    })),
  };
}

const shown = (page: ReactNode) =>
  (
    render(<QueryClientProvider client={new QueryClient()}>{page}</QueryClientProvider>).container
      .textContent ?? ''
  ).replace(/\s+/g, ' ');

describe('while maintenance mode refuses the requests', () => {
  it.each([
    [2, ''],
    [3, 'in us-east-1'],
    [4, 'in us-east-1 and eu-west-1'],
    [6, 'in us-east-1 and eu-west-1'],
    [7, 'in eu-west-1'],
    [8, ''],
  ])('the head of the change says where at step %i', (running, where) => {
    const text = shown(<ChangeHead view={at(running)} />);
    if (where === '') expect(text).not.toContain('refused');
    else expect(text).toContain(`Maintenance mode: all requests are refused ${where}`);
  });

  it('the traffic says of each region that its pods refuse what they are sent', () => {
    shown(<TrafficPanel view={at(7)} />);
    expect(screen.getAllByText(/Refused by the pods/)).toHaveLength(1);
    expect(screen.getByRole('region', { name: 'Traffic of eu-west-1' }).textContent).toContain('Refused');
  });

  it('an abort says first that requests are answered again, and stops pods only where some were started', () => {
    expect(shown(<SteerBar view={at(4)} />)).toContain(
      'Abort: has the requests answered again in us-east-1 and eu-west-1, then stops the new pods of 2.0.0 in us-east-1',
    );
    cleanup();
    expect(shown(<SteerBar view={at(5)} />)).toContain('Maintenance mode ends in us-east-1 and eu-west-1.');
  });

  it('a region that refuses its requests is not called untouched', () => {
    expect(shown(<StagedSteps view={at(3)} plan={plan} />)).toContain('eu-west-1 not touched yet');
    cleanup();
    expect(shown(<StagedSteps view={at(4)} plan={plan} />)).not.toContain('not touched yet');
  });
});

it('errors of the version before that maintenance mode made are told as such', () => {
  const finishedAt = '2026-11-21T15:00:00.000Z';
  const first = { baselineFailed: 15, baselineTotal: 100, failed: 0, total: 100 };
  const view = { ...at(18, { finishedAt }), measured: [] };
  const reading = { id: '1', at: finishedAt, step: 5, verdict: 'PASS', detail: '', share: 1 } as const;
  const judged = { ...reading, ...first, region: 'us-east-1', proves: false };
  const measured = [
    { region: 'us-east-1', passed: 1, failed: 0, unjudged: 0, firstJudged: judged, lastJudged: judged },
  ];
  expect(shown(<VerdictPanel view={{ ...view, measured }} plan={plan} />)).toContain(
    'maintenance mode refused requests',
  );
  cleanup();
  expect(
    shown(<VerdictPanel view={{ ...view, measured, plan: stagedPlan }} plan={stagedPlan} />),
  ).not.toContain('refused');
});
