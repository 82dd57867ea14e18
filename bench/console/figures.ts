import { type Measured as MeasuredOf, sheetOf } from '../report/sheet';

/** Every figure of the console, in the order of the table. */
export const consoleSheet = sheetOf({
  demo_first_s: { unit: 's', goal: { atMost: 180 }, what: 'npm run demo to ready, nothing built, no data' },
  demo_second_s: { unit: 's', goal: { atMost: 60 }, what: 'npm run demo to ready, second run' },
  memory_pss_mb: { unit: 'MB', goal: { atMost: 3000 }, what: 'all processes together, PSS' },
  overview_p95_ms: { unit: 'ms', goal: { atMost: 100 }, what: 'overview API, 50 signed-in clients, p95' },
  event_to_browser_p95_ms: {
    unit: 'ms',
    goal: { atMost: 500 },
    what: 'cluster event to a fresh answer, p95',
  },
  overview_js_gzip_kb: { unit: 'kB', goal: { atMost: 200 }, what: "overview's first JavaScript, gzip" },
  pods5000_web_growth_mb: {
    unit: 'MB',
    goal: { atMost: 200 },
    what: 'web process grows by, 5,000 pods more',
  },
  pods5000_list_p95_ms: { unit: 'ms', goal: { atMost: 100 }, what: 'service list with them, p95' },
});

export type FigureName = (typeof consoleSheet.names)[number];
export type Measured = MeasuredOf<FigureName>;
