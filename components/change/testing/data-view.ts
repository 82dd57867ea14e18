import type { ChangeView, DeployPlan } from '@/lib/change/contract';
import type { BackupData, EndSessionData } from '@/lib/change/data/contract';
import type { RestoreLoad, RestoreView } from '@/lib/change/data/restore/contract';
import type { RestoreStage } from '@/lib/change/data/restore/model';
import { databasesNow } from '@/lib/change/data/restore/stage';
import type { ChangeState, StepState } from '@/lib/change/model';
import { restoreData } from '@/lib/change/testing/restore';
import { testView } from '../test-view';

const about = {
  database: 'shop-us',
  name: 'Shop, us-east-1',
  serverVersion: '15.18',
  server: '7',
  serverDatabase: 'shop',
};

export const backupData: BackupData = {
  do: 'backup',
  ...about,
  tool: { name: 'pg_dump', version: '15.18' },
  level: 4,
};

export const sessionData: EndSessionData = {
  do: 'end-session',
  ...about,
  pid: 4711,
  startedAt: '2026-11-22T03:40:00.123456Z',
  user: 'app',
  application: 'shop-report',
  client: '10.0.1.7',
  state: 'idle in transaction',
  stateSince: '2026-11-22T03:41:00.000000Z',
  transactionSince: '2026-11-22T03:40:30.000000Z',
  wait: 'Client: ClientRead',
  query: 'SELECT * FROM orders WHERE id = ?',
  blocks: [12, 13],
  blockedBy: [],
};

const steps = (titles: readonly [string, string]): DeployPlan['steps'] => [
  { n: 1, kind: 'copy', title: titles[0], usualSeconds: 40, detail: 'One dump.' },
  { n: 2, kind: 'verify', title: titles[1], usualSeconds: null, detail: 'Four looks.' },
];

export { restoreData };

const restoreKinds = ['copy', 'close', 'load', 'switch', 'watch'] as const;

/** The steps of a restore up to one that runs; the first ones are done. */
export const restoreStepsAt = (running: (typeof restoreKinds)[number] | null): ChangeView['steps'] =>
  restoreKinds.map((kind, index) => ({
    n: index + 1,
    kind,
    title: `Step ${kind}`,
    state: stateAt(index, running === null ? -1 : restoreKinds.indexOf(running)),
    startedAt: null,
    finishedAt: null,
    usualSeconds: null,
    detail: null,
  }));
const stateAt = (index: number, at: number): StepState =>
  index < at ? 'done' : index === at ? 'running' : 'pending';

const names = { live: 'shop', fresh: 'shop_r_c0000012', former: 'shop_pre_c0000012' };

/** How the restore of a change stands at one stage. */
export const restoreAt = (stage: RestoreStage, more: Partial<RestoreView> = {}): RestoreView => ({
  stage,
  beginsAt: null,
  databases: databasesNow(stage, names),
  load: null,
  setAside: null,
  ...more,
});

export const restoreLoad = (more: Partial<RestoreLoad> = {}): RestoreLoad => ({
  state: 'done',
  phase: null,
  phases: [
    { phase: 'fetch', seconds: 4 },
    { phase: 'load', seconds: 41 },
    { phase: 'index', seconds: 12 },
    { phase: 'checks', seconds: 9 },
  ],
  seconds: 66,
  requestedAt: '2026-11-22T03:51:00.000Z',
  startedAt: '2026-11-22T03:51:02.000Z',
  finishedAt: '2026-11-22T03:52:08.000Z',
  sentence: 'It has the rows, constraints and indexes of the copy.',
  evidence: [{ what: 'Rows of 14 tables', expected: '24200', found: '24200', isRight: true }],
  ...more,
});

const planStep = (kind: (typeof restoreKinds)[number], n: number, usualSeconds: number | null) => ({
  n,
  kind,
  title: `Step ${kind}`,
  usualSeconds,
  detail: 'As it says.',
});

/** The change of a restore, at one stage of it. */
export function restoreChange(
  state: ChangeState,
  restore: RestoreView | null,
  more: Partial<ChangeView> = {},
): ChangeView {
  const view = testView(state, {
    kind: 'restore',
    title: 'Restore Shop, us-east-1 to the data of 2026-11-22 02:10 UTC',
    startedAt: '2026-11-22T03:50:00Z',
  });
  const steps = restoreKinds.map((kind, index) => planStep(kind, index + 1, 20));
  const plan: DeployPlan = {
    ...view.plan,
    kind: 'restore',
    effect: { what: restoreData.name, from: 'the data of now', to: 'the data of 2026-11-22 02:10 UTC' },
    steps,
    data: restoreData,
  };
  return { ...view, plan, restore, steps: restoreStepsAt(null), ...more };
}

/** A change of a database in one state, as the page of a change gets it. */
export function dataView(
  data: BackupData | EndSessionData,
  state: ChangeState,
  more: Partial<ChangeView> = {},
): ChangeView {
  const isCopy = data.do === 'backup';
  const title = isCopy ? 'Back up Shop, us-east-1' : 'End session 4711 of app in Shop, us-east-1';
  const view = testView(state, {
    kind: isCopy ? 'backup' : 'end-session',
    title,
    startedAt: '2026-11-22T03:50:00Z',
  });
  const plan: DeployPlan = {
    ...view.plan,
    kind: data.do,
    effect: { what: data.name, from: isCopy ? 'no new copy' : 'session 4711 of app', to: 'a copy' },
    steps: steps(
      isCopy ? ['Make a copy of Shop', 'Prove it to L4 Restored'] : ['End it', 'See that it is gone'],
    ),
    guard: { ...view.plan.guard, judges: false },
    data,
  };
  return {
    ...view,
    plan,
    steps: plan.steps.map(({ n, kind, title: name, usualSeconds }) => ({
      n,
      kind,
      title: name,
      state: 'pending',
      startedAt: null,
      finishedAt: null,
      usualSeconds,
      detail: null,
    })),
    ...more,
  };
}
