import { type Measured as MeasuredOf, sheetOf } from '../report/sheet';

/** Every figure of the objectives, in the order of the table. */
export const sloSheet = sheetOf({
  overview_upstream_queries: {
    unit: 'queries',
    goal: { atMost: 6 },
    what: "most queries in 10 s (one refresh) that reach Prometheus for 50 viewers of the list and of the console's first page",
  },
  overview_p95_ms: {
    unit: 'ms',
    goal: { atMost: 150 },
    what: 'list API, 50 signed-in clients that send back the tag of what they have, p95',
  },
  slo_page_first_data_ms: {
    unit: 'ms',
    goal: { atMost: 200 },
    what: "one objective's API, each asked for the first time, p95",
  },
  recorder_tick_s: { unit: 's', goal: { atMost: 10 }, what: 'slowest tick of the recorder, all 500' },
  backfill_slos_per_s: {
    unit: 'SLOs/s',
    goal: { atLeast: 20 },
    what: '30 days of all 500, 4 days of them from raw samples',
  },
  storage_gb_90d: {
    unit: 'GB',
    goal: { atMost: 3 },
    what: 'tables of all 500, 90 days of 5-min and 3 of 1-min buckets, scaled from 20',
  },
  raw_increase_s: {
    unit: 's',
    goal: null,
    what: 'the same 500 as increase(x[30d]), total and bad, 6 queries at a time',
  },
});

export type FigureName = (typeof sloSheet.names)[number];
export type Measured = MeasuredOf<FigureName>;
