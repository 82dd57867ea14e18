import type { Elsewhere, Panel } from './panel-way';

const file = 'components/slo/span-panel.test.tsx';
const never = (why: string, test: string): Elsewhere => ({ why, file, test });
const slo = '/slos/fraiseql-api-availability';
const tooOld = `${slo}?from=2020-01-01T00:00Z&to=2020-01-02T00:00Z`;

/** What the page of an objective shows of its burn, of its alerts in the past, and of a span, for panel-table.ts. */
export const sloPanels: Panel[] = [
  {
    panel: 'SLO: burn rate',
    loading: { with: 'SLO: figures' },
    empty: { with: 'SLO: budget over time' },
    stale: { open: slo, see: /^Burn rate as of/ },
    error: { with: 'SLO: groups' },
  },
  {
    panel: 'SLO: burn alerts',
    loading: { with: 'SLO: figures' },
    empty: { with: 'SLO: budget over time' },
    stale: { open: slo, see: /^Burn rates as of/ },
    error: { with: 'SLO: groups' },
  },
  {
    panel: 'SLO: a span',
    loading: never('it is asked for when it is drawn', 'has the shape of its answer while it is priced'),
    empty: never('no span of the history is silent', 'says what is unknown instead of a figure'),
    stale: { with: 'SLO: figures' },
    error: { open: tooOld, see: /begins more than 400 d ago/ },
  },
  {
    panel: 'SLO: burn alerts in the past',
    loading: { with: 'SLO: figures' },
    empty: { with: 'SLO: budget over time' },
    stale: { with: 'SLO: figures' },
    error: { with: 'SLO: groups' },
  },
];
