import type { Answer, Call, ClusterClient } from '@/lib/actuators/kubernetes/client';
import { ClusterError } from '@/lib/actuators/kubernetes/error';
import type { Cluster } from '@/sandbox/kubernetes/cluster';
import type { FaultAction } from '@/sandbox/kubernetes/faults';
import type { Gate } from './gate';

/**
 * The worker stops waiting for an answer; `carriedOut` says whether the request arrived by then. Calls are late only
 * where a schedule says so: nothing here depends on how busy the machine is.
 */
export type Late = { kind: 'late'; carriedOut: boolean };

/** What goes wrong with one request: the n-th write or the n-th read of one worker, from 1. */
export type MessageFault = { on: 'read' | 'write'; n: number; action: FaultAction | Late };

/** Changes what is sent and what is heard: how a mutant is made. */
export type ClusterTamper = { call?: (call: Call) => Call; answer?: (body: unknown) => unknown };

export type GatedCluster = {
  client: ClusterClient;
  use: (gate: Gate, faults: readonly MessageFault[], tamper?: ClusterTamper) => void;
};

/** A cluster client of one worker: each request is a point of the gate in use, and may meet a fault of the cluster's. */
export function gatedCluster(
  inner: ClusterClient,
  cluster: Pick<Cluster, 'faults'>,
  gate: Gate,
): GatedCluster {
  let current: { gate: Gate; faults: readonly MessageFault[]; tamper: ClusterTamper } = {
    gate,
    faults: [],
    tamper: {},
  };
  const counts = { read: 0, write: 0 };
  const late = async (made: Call, { carriedOut }: Late, send: () => Promise<Answer>): Promise<never> => {
    // Its answer, also a refusal, comes when nobody waits for it any more.
    if (carriedOut) await send().catch(() => null);
    throw new ClusterError('timeout', `${inner.id} did not answer ${made.method} ${made.path} in time.`);
  };
  const faulty = async (made: Call, send: () => Promise<Answer>): Promise<Answer> => {
    const on = made.method === 'GET' ? 'read' : 'write';
    counts[on] += 1;
    const n = counts[on];
    const fault = current.faults.find((one) => one.on === on && one.n === n);
    if (fault === undefined) return send();
    if (fault.action.kind === 'late') return late(made, fault.action, send);
    const id = cluster.faults.add({ method: made.method, count: 1, action: fault.action });
    return send().finally(() => cluster.faults.remove(id));
  };
  const call = async (made: Call) => {
    const { gate: passed, tamper } = current;
    const sent = tamper.call?.(made) ?? made;
    const answer = await passed.pass(
      'cluster',
      made.method,
      () => faulty(sent, () => inner.call(sent)),
      made.method !== 'GET',
    );
    return { ...answer, body: tamper.answer?.(answer.body) ?? answer.body };
  };
  return {
    client: {
      id: inner.id,
      call,
      get: async (schema, path, query) => {
        const { body } = await call({ method: 'GET', path, ...(query === undefined ? {} : { query }) });
        return schema.parse(body);
      },
      close: () => inner.close(),
    },
    use: (next, faults, tamper = {}) => {
      current = { gate: next, faults, tamper };
      counts.read = 0;
      counts.write = 0;
    },
  };
}
