// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, render } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { meQuery } from '@/lib/access/client';
import { auditQuery, auditVerificationQuery } from '@/lib/audit/client';
import { approvalsQuery, changeQuery, changesQuery, planQuery } from '@/lib/change/client';
import { LiveEvent } from '@/lib/live/contract';
import { overviewQuery, serviceChartsQuery, serviceQuery, servicesQuery } from '@/lib/service/client';
import { serviceWorkloadsQuery } from '@/lib/service/workloads-client';
import { fleetQuery, sloPageQuery } from '@/lib/slo/client';
import { statusAdminQuery } from '@/lib/status/client';
import { LiveUpdates } from './live-updates';
import { sourcesKey } from './sources';

let hear: ((event: LiveEvent) => void) | undefined;
let left = 0;
vi.mock('@/lib/live/client', () => ({
  connectLive: () => ({
    subscribe: (listener: (event: LiveEvent) => void) => {
      hear = listener;
      return () => {
        left += 1;
      };
    },
  }),
}));

beforeEach(() => {
  left = 0;
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const place = { service: 'fraiseql-api', environment: 'production', region: 'us-east-1' };
const planId = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const keys: Record<string, readonly unknown[]> = {
  overview: overviewQuery('production').queryKey,
  services: servicesQuery('production').queryKey,
  service: serviceQuery(place).queryKey,
  workloads: serviceWorkloadsQuery(place).queryKey,
  changes: changesQuery({}).queryKey,
  'change c-1': changeQuery('c-1').queryKey,
  'change c-2': changeQuery('c-2').queryKey,
  approvals: approvalsQuery().queryKey,
  plan: planQuery(planId).queryKey,
  me: meQuery().queryKey,
  charts: serviceChartsQuery(place, '2h').queryKey,
  slos: fleetQuery('production').queryKey,
  slo: sloPageQuery('fraiseql-api-availability', 'production').queryKey,
  audit: auditQuery({}).queryKey,
  verification: auditVerificationQuery().queryKey,
  status: statusAdminQuery().queryKey,
};

/** Which of the pages' queries an event makes stale. */
async function staleAfter(...events: LiveEvent[]): Promise<string[]> {
  const client = new QueryClient();
  for (const key of Object.values(keys)) client.setQueryData(key, {});
  const view = render(
    <QueryClientProvider client={client}>
      <LiveUpdates />
    </QueryClientProvider>,
  );
  for (const event of events) hear?.(event);
  await act(async () => vi.advanceTimersByTime(80));
  const stale = Object.entries(keys).filter(([, key]) => client.getQueryState(key)?.isInvalidated);
  view.unmount();
  return stale.map(([name]) => name);
}

const changed = LiveEvent.def.options.find((option) => option.shape.type.def.values[0] === 'changed');
const topics: readonly string[] =
  changed !== undefined && 'topic' in changed.shape ? changed.shape.topic.options : [];

const everyChange = ['change c-1', 'change c-2'];
const expected = {
  cluster: ['overview', 'services', 'service', 'workloads', ...everyChange],
  change: [
    'overview',
    'services',
    'service',
    'changes',
    'change c-1',
    'approvals',
    'me',
    'charts',
    'slos',
    'slo',
  ],
  plan: [],
  audit: ['audit', 'verification'],
  status: ['status'],
  account: ['me'],
  alerts: ['overview', 'services', 'service', 'charts', 'slos', 'slo'],
} as const;

describe('what the stream makes stale', () => {
  it.each([
    ['cluster', 'us-east-1/fraiseql'],
    ['change', 'c-1'],
    ['plan', 'another plan'],
    ['audit', ''],
    ['status', ''],
    ['account', ''],
    ['alerts', ''],
  ] as const)('after %s %s', async (topic, key) => {
    expect(await staleAfter({ type: 'changed', topic, key })).toEqual(expected[topic]);
  });

  it('was tried with every topic there is', () => {
    expect(Object.keys(expected).toSorted()).toEqual(topics.toSorted());
    expect(topics).toHaveLength(7);
  });

  it('is the plan that was answered', async () => {
    expect(await staleAfter({ type: 'changed', topic: 'plan', key: planId })).toEqual(['plan']);
  });

  it('is every plan and every change when what happened in a gap is not known', async () => {
    expect(await staleAfter({ type: 'changed', topic: 'plan', key: '' })).toEqual(['plan']);
    expect(await staleAfter({ type: 'changed', topic: 'change', key: '' })).toEqual(
      expect.arrayContaining(everyChange),
    );
  });

  it('is gathered from a burst', async () => {
    const both = await staleAfter(
      { type: 'changed', topic: 'audit', key: '' },
      { type: 'changed', topic: 'status', key: '' },
    );
    expect(both).toEqual(['audit', 'verification', 'status']);
  });

  it('is nothing after a greeting', async () => {
    expect(await staleAfter({ type: 'hello', at: '2026-11-21T14:00:00.000Z' })).toEqual([]);
  });
});

it('keeps the newest state of the sources, and leaves with the page', () => {
  const client = new QueryClient();
  const view = render(
    <QueryClientProvider client={client}>
      <LiveUpdates />
    </QueryClientProvider>,
  );
  const sources = [
    { id: 'loki', kind: 'loki', state: 'fresh', observedAt: null, reason: null, detail: null } as const,
  ];
  hear?.({ type: 'sources', sources: [...sources] });
  expect(client.getQueryData(sourcesKey)).toEqual(sources);
  view.unmount();
  expect(left).toBe(1);
});
