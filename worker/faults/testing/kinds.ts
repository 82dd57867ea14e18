import type { ChangeState } from '@/lib/change/model';
import type { DataViolation } from './checker/data';
import type { Serving, Violation } from './checker/history';
import type { RestoreViolation } from './checker/restore';
import type { Gate } from './gate';
import type { Ground, GroundWorker } from './ground';
import type { Ask } from './prepare';
import { DEPLOYMENT, NAMESPACE, PODS, type Simulation } from './simulation';

export type Judge = (
  change: number,
  audit: readonly string[],
) => Promise<(Violation | DataViolation | RestoreViolation)[]>;

/**
 * A kind of change with what must come of it whenever workers only die: the state, and the number of writes that
 * the cluster carried out. A new kind or strategy is a new row.
 */
export type Kind = {
  name: string;
  ask: (sim: Ground) => Ask | Promise<Ask>;
  /** What it acts on is used up by a run: planned and signed anew for each schedule. */
  isUsedUp?: boolean;
  state: ChangeState;
  /** Other right ends, when a worker dies. */
  states?: readonly ChangeState[];
  /** Figures judge it, so that it cannot succeed without a PASS; true when absent. */
  isJudged?: boolean;
  /** What its worker does beside the change, at each pause; what other processes do then. */
  beside?: (worker: GroundWorker, gate: Gate) => Promise<void>;
  /** Told of each point of each worker, before it is passed. */
  onPoint?: (name: string) => Promise<void>;
  /** What is wrong with what came of it outside of clusters. */
  judge?: Judge;
  writes: number;
  /** Whose requests are carried by which pods, and how many are needed. */
  serving: readonly Serving[];
};

export const GOOD = '2.0.0';
export const BAD = '2.1.0';
export const FORMER = '1.7.0';

const place = { service: 'fraiseql-api', environment: 'production', region: 'us-east-1' } as const;
const deploy = (version: string) => (): Ask => ({ kind: 'deploy', ...place, version });
const serving: readonly Serving[] = [
  {
    cluster: 'us-east-1',
    namespace: NAMESPACE,
    need: PODS,
    shares: { [DEPLOYMENT]: 1 },
    backends: {},
    router: null,
  },
];

export const kinds: readonly Kind[] = [
  { name: 'deploy', ask: deploy(GOOD), state: 'Succeeded', writes: 1, serving },
  { name: 'deploy of a bad version', ask: deploy(BAD), state: 'BackedOut', writes: 2, serving },
  {
    name: 'rollback',
    ask: (sim) => ({ kind: 'rollback', ...place, replicaSet: replicaSetOf(sim, FORMER) }),
    state: 'Succeeded',
    writes: 1,
    serving,
  },
  {
    name: 'scale',
    ask: () => ({ kind: 'scale', ...place, replicas: PODS + 1 }),
    state: 'Succeeded',
    writes: 1,
    serving,
  },
  { name: 'restart', ask: () => ({ kind: 'restart', ...place }), state: 'Succeeded', writes: 1, serving },
  {
    name: 'set-env',
    ask: () => ({ kind: 'set-env', ...place, name: 'POOL_SIZE', value: '40' }),
    state: 'Succeeded',
    writes: 1,
    serving,
  },
];

/** What Prometheus says of each version. */
export function tellFigures({ prometheus }: Simulation): void {
  for (const version of ['1.8.0', GOOD, FORMER]) prometheus.set(version, { total: 800, failed: 0 });
  prometheus.set(BAD, { total: 400, failed: 120 });
}

function replicaSetOf({ clusterOf }: Ground, version: string): string {
  const found = clusterOf(place.region)
    .store.list('replicasets.apps', NAMESPACE)
    .find(
      (set) =>
        set.metadata.ownerReferences?.some(({ name }) => name === DEPLOYMENT) === true &&
        JSON.stringify(set).includes(`fraiseql-api:${version}"`),
    );
  if (found === undefined) throw new Error(`No ReplicaSet has version ${version}.`);
  return found.metadata.name;
}
