import { type Measured as MeasuredOf, sheetOf } from '../report/sheet';

/** Every figure of the change engine, in the order of the table. */
export const changeSheet = sheetOf({
  approval_to_write_p95_ms: {
    unit: 'ms',
    goal: { atMost: 300 },
    what: 'click of the last sign-off to the first write at the API server, p95 of 40',
  },
  rollback_p95_ms: {
    unit: 'ms',
    goal: { atMost: 200 },
    what: 'click of Abort while a new version is watched to the write that brings the old one back, p95 of 40',
  },
  abort_p95_ms: {
    unit: 'ms',
    goal: { atMost: 200 },
    what: 'click of Abort in mid-rollout to the write that brings the old one back, p95 of 40',
  },
  late_step_max_s: {
    unit: 's',
    goal: { atMost: 2 },
    what: '50 changes at once, 4 workers: latest first write, start or end of a watch, or reading of the guard',
  },
  takeover_s: {
    unit: 's',
    goal: { atMost: 35 },
    what: 'kill -9 of the worker that carries a change to its next step under another, lease of 30 s',
  },
  engine_tests_min: {
    unit: 'min',
    goal: { atMost: 10 },
    what: "the engine's tests: lib/change and worker/, unit and integration",
  },
});

export type FigureName = (typeof changeSheet.names)[number];
export type Measured = MeasuredOf<FigureName>;
