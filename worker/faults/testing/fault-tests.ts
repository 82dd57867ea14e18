/** A test that shows the safe outcome: its file, and its name as it stands there. */
export type Shown = { file: string; test: string };

/** The 32 faults of change-engine.md 5.2, each with the tests that name it or that it is shown by, or why there is none. */
export type Fault = { n: number; fault: string } & (
  | { shown: readonly [Shown, ...Shown[]] }
  | { none: string }
);

/** Files, and tests that show more than one fault. */
export const simulated = 'worker/faults/simulated.integration.test.ts';
export const database = 'worker/faults/database.integration.test.ts';
export const schedules = 'worker/faults/schedules.integration.test.ts';
export const recovery = 'worker/recovery.integration.test.ts';
export const badDay = 'worker/bad-day.integration.test.ts';
export const staged = 'worker/staged-faults.integration.test.ts';
export const stagedClock = 'worker/faults/staged-simulated.integration.test.ts';
export const stagedSchedules = 'worker/faults/staged-schedules.integration.test.ts';
export const migration = 'worker/migration.integration.test.ts';
export const release = 'worker/migration-release.integration.test.ts';
export const decideJob = 'lib/change/staged/decide-job.test.ts';
export const analysis = 'lib/change/analysis/prometheus.integration.test.ts';
export const ladder = 'lib/backup/ladder.integration.test.ts';
export const drills = 'lib/backup/drill/drills.integration.test.ts';
export const copiesGate = 'worker/backup-gate.integration.test.ts';
export const guard = 'worker/guard.integration.test.ts';
export const passing = { file: recovery, test: '%s is looked at and sent again' };
export const dies = {
  file: recovery,
  test: 'faults 1, 2, 3: a run that dies at %s is finished with one write',
};
export const anywhere = {
  file: schedules,
  test: 'a crash at any point of any kind ends in the one right way',
};
export const anywhereStaged = {
  file: stagedSchedules,
  test: 'a crash at any point of a canary and of a blue-green ends in the one right way',
};
export const mixture = {
  file: schedules,
  test: 'crashes, stops, lost answers and orders in any mixture break no invariant',
};
