import type { ChangeView, DeployPlan } from '@/lib/change/contract';
import type { BackupData, EndSessionData } from '@/lib/change/data/contract';
import type { ChangeState } from '@/lib/change/model';
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
