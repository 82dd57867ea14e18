import type {
  ComponentState,
  PublishedStatus,
  StatusAdminView,
  StatusComponent,
} from '@/lib/status/contract';

/** A component for tests: whole for 90 days but for the named days, counted back from 21 November 2026. */
export function component(
  id: string,
  state: ComponentState,
  bad: Record<number, ComponentState | null> = {},
): StatusComponent {
  const [service = id, region = 'us-east-1'] = id.split('/');
  return {
    id,
    name: `${service}, ${region}`,
    group: service,
    region,
    state,
    uptime: 0.99996,
    days: Array.from({ length: 90 }, (_, index) => {
      const back = 89 - index;
      const worst = bad[back] === undefined ? 'operational' : bad[back];
      return {
        day: new Date(Date.UTC(2026, 10, 21 - back)).toISOString().slice(0, 10),
        worst,
        uptime: worst === null ? null : worst === 'operational' ? 1 : 0.98,
      };
    }),
  };
}

export const message: PublishedStatus['active'][number] = {
  id: '0f0f6a54-9d3f-4a8c-a64c-0f2c2f7f4f11',
  title: 'Errors and slow panels in Architect Dashboard, Europe',
  impact: 'minor',
  state: 'monitoring',
  components: ['architect-api/eu-west-1'],
  createdAt: '2026-11-21T12:23:00.000Z',
  resolvedAt: null,
  version: 2,
  updates: [
    {
      id: '1f0f6a54-9d3f-4a8c-a64c-0f2c2f7f4f11',
      state: 'investigating',
      body: 'Some dashboards in Europe load slowly or fail. We are looking into it.',
      at: '2026-11-21T12:25:00.000Z',
    },
    {
      id: '2f0f6a54-9d3f-4a8c-a64c-0f2c2f7f4f11',
      state: 'monitoring',
      body: 'We went back to the version before. Errors ended within 8 seconds.',
      at: '2026-11-21T12:33:00.000Z',
    },
  ],
};

export const published: PublishedStatus = {
  demoTiming: false,
  v: 1,
  title: 'Architect and FraiseQL status',
  publishedAt: '2026-11-21T12:34:00.000Z',
  overall: 'degraded_performance',
  sentence: 'Architect Dashboard is slow in the European region',
  components: [
    component('architect-api/eu-west-1', 'degraded_performance', {
      0: 'degraded_performance',
      40: 'major_outage',
      12: 'under_maintenance',
    }),
    component('architect-api/us-east-1', 'operational', { 55: 'partial_outage', 70: null, 71: 'unknown' }),
    component('fraiseql-api/us-east-1', 'operational'),
  ],
  active: [message],
  past: [
    {
      ...message,
      id: '3f0f6a54-9d3f-4a8c-a64c-0f2c2f7f4f11',
      title: 'Failed sign-ins',
      state: 'resolved',
      resolvedAt: '2026-11-21T13:00:00.000Z',
      updates: [],
    },
  ],
};

export const adminView: StatusAdminView = {
  published,
  messages: [message],
  components: [
    {
      id: 'architect-api/eu-west-1',
      name: 'Architect Dashboard API, Europe',
      group: 'Architect',
      proposed: 'degraded_performance',
    },
    {
      id: 'fraiseql-api/us-east-1',
      name: 'FraiseQL API, Americas',
      group: 'FraiseQL',
      proposed: 'operational',
    },
  ],
  mayPublish: true,
};
