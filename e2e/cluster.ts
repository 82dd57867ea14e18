import { z } from 'zod';
import { pretend } from './stack';

const Write = z.looseObject({
  atMs: z.number(),
  account: z.string(),
  impersonated: z.looseObject({ user: z.string() }).nullable(),
  verb: z.string(),
  resource: z.string(),
  name: z.string().nullable(),
  namespace: z.string().nullable(),
  status: z.number(),
  dryRun: z.boolean(),
  body: z.unknown(),
  resourceVersionBefore: z.string().nullable(),
  resourceVersionAfter: z.string().nullable(),
});
export type Write = z.infer<typeof Write>;
const Writes = z.object({ entries: z.array(Write) });
const Count = z.looseObject({ requests: z.number(), failures: z.number() });
const Ledger = z.object({ totals: z.array(Count) });
const Second = z.looseObject({ pod: z.string(), second: z.number(), failures: z.number() });
const Seconds = z.object({ rows: z.array(Second) });

type Cluster = 'us-east-1' | 'eu-west-1';

/** What the cluster itself recorded of writes of the console to a Deployment, oldest first, dry runs apart. */
export async function writesTo(cluster: Cluster, deployment: string, namespace?: string): Promise<Write[]> {
  const { entries } = Writes.parse(await pretend.get(`/writes?cluster=${cluster}`));
  return entries.filter(
    (entry) =>
      entry.account === 'signalbox-worker' &&
      entry.resource.startsWith('deployments') &&
      entry.name === deployment &&
      (namespace === undefined || entry.namespace === namespace) &&
      !entry.dryRun,
  );
}

/** Writes of the console to one object that the cluster carried out, oldest first. */
export async function writesOf(cluster: Cluster, resource: string, name: string): Promise<Write[]> {
  const { entries } = Writes.parse(await pretend.get(`/writes?cluster=${cluster}`));
  return entries.filter(
    (entry) =>
      entry.account === 'signalbox-worker' &&
      entry.resource.startsWith(resource) &&
      entry.name === name &&
      entry.status < 300 &&
      !entry.dryRun,
  );
}

type Traffic = {
  service: string;
  cluster: Cluster;
  namespace: string;
  /** Absent: all versions. */
  version?: string;
  from: number;
  to: number;
};
const textOf = (query: Record<string, string | number>): string =>
  new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)])).toString();

/**
 * Failures that the pods of a version answered in the last seconds of their lives: what a pod counts after its last
 * scrape dies with it, and no metric can tell of it.
 */
export async function failuresUnseen(query: Traffic, scrapeSeconds: number): Promise<number> {
  const { rows } = Seconds.parse(await pretend.get(`/ledger?${textOf({ ...query, detail: 1 })}`));
  const last = new Map(rows.map(({ pod, second }) => [pod, second]));
  return rows
    .filter(({ pod, second }) => second > (last.get(pod) ?? 0) - scrapeSeconds)
    .reduce((sum, { failures }) => sum + failures, 0);
}

/** Exact requests and failures between two moments (epoch seconds), as the traffic itself drew them. */
export async function trafficOf(query: Traffic) {
  const { totals } = Ledger.parse(await pretend.get(`/ledger?${textOf(query)}`));
  const sum = (count: 'requests' | 'failures') => totals.reduce((all, each) => all + each[count], 0);
  return { requests: sum('requests'), failures: sum('failures') };
}

export const epochSeconds = () => Date.now() / 1000;
