import { z } from 'zod';

/**
 * What the checker reads: the API servers' own record of requests, the audit log, and what was so when the test
 * began. It takes all of it as data and knows nothing of the product's code (change-engine.md 5.1).
 */

/** A line of an API server's record of requests that changed something or tried to. */
export const Write = z.object({
  sequence: z.int(),
  atMs: z.number(),
  account: z.string(),
  impersonated: z.nullable(
    z.object({ user: z.string(), extra: z.record(z.string(), z.array(z.string())).default({}) }),
  ),
  method: z.string(),
  resource: z.string(),
  namespace: z.nullable(z.string()),
  name: z.nullable(z.string()),
  dryRun: z.boolean(),
  resourceVersionBefore: z.nullable(z.string()),
  resourceVersionAfter: z.nullable(z.string()),
  body: z.json(),
  status: z.int(),
  left: z.nullable(
    z.object({
      spec: z.json(),
      endpoints: z.record(z.string(), z.number()),
      workloads: z.record(
        z.string(),
        z.object({ labels: z.record(z.string(), z.string()), replicas: z.number(), available: z.number() }),
      ),
    }),
  ),
});
export type Write = z.infer<typeof Write>;

/** The body of an audit entry. */
export const Entry = z.object({
  action: z.string(),
  at: z.string(),
  actor: z.object({ kind: z.string(), id: z.string() }),
  change: z.int().optional(),
  result: z.string(),
  reason: z.string().optional(),
  planHash: z.string().optional(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type Entry = z.infer<typeof Entry>;

/** A service's pods: how many carry all traffic, and which versions share it. */
export type Serving = {
  cluster: string;
  namespace: string;
  need: number;
  /** Share of each Deployment when the test began, as a part of 1; they add up to 1. */
  shares: Readonly<Record<string, number>>;
  /** The Service behind which only the pods of one Deployment are, by Deployment; empty without a router. */
  backends: Readonly<Record<string, string>>;
  /** The router whose writes move the shares, such as `httproutes.gateway.networking.k8s.io/fraiseql-observers`. */
  router: string | null;
  /** One Service chooses the pods of all Deployments: the share of each is that of its pods. */
  isByPods?: boolean;
};

/** A root of the audit log that was noted outside at some time, in hex. */
export type Anchor = { size: number; root: string };

export type History = {
  /** Records of the API servers by cluster, oldest first. */
  writes: Readonly<Record<string, readonly unknown[]>>;
  /** Bodies of audit entries, oldest first. */
  audit: readonly string[];
  /** The account whose writes are judged; those of others are other people's. */
  account: string;
  serving: readonly Serving[];
  /** Figures judge the change, so that it cannot succeed without a PASS; true when absent. */
  isJudged?: boolean;
  /** When the history ends, and how long a change may take at most without being held. */
  endMs: number;
  boundMs: number;
  /** The whole log in order, when it is to be compared with roots noted outside. */
  log?: { bodies: readonly string[]; anchors: readonly Anchor[] };
  /** A process was stopped between the last look at its lease and the request: that request comes late, and is refused. */
  stoppedInRequest?: boolean;
};

export const invariants = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8'] as const;
export type Violation = { invariant: (typeof invariants)[number]; what: string };

/** A write of the judged account with what it says of itself. */
export type OurWrite = Write & {
  cluster: string;
  /** `us-east-1 deployments.apps fraiseql/fraiseql-api` */
  object: string;
  carriedOut: boolean;
  fence: { change: number; epoch: number } | null;
  intent: string | null;
};

export type Read = { history: History; writes: OurWrite[]; entries: Entry[] };

const FENCE = 'signalbox.dev/fence';
const ATTEMPT = 'signalbox.dev/attempt';
const Annotated = z.object({ metadata: z.object({ annotations: z.record(z.string(), z.string()) }) });

export function readHistory(history: History): Read {
  const writes = Object.entries(history.writes).flatMap(([cluster, lines]) =>
    lines
      .map((line) => Write.parse(line))
      .filter(({ account, dryRun }) => account === history.account && !dryRun)
      .map((write) => ourWrite(cluster, write)),
  );
  const entries = history.audit.map((body) => Entry.parse(JSON.parse(body)));
  return { history, writes, entries };
}

function ourWrite(cluster: string, write: Write): OurWrite {
  const annotated = Annotated.safeParse(write.body).data;
  const match = /^c-(\d+)\/(\d+)$/.exec(annotated?.metadata.annotations[FENCE] ?? '');
  return {
    ...write,
    cluster,
    object: `${cluster} ${write.resource} ${write.namespace ?? ''}/${write.name ?? ''}`,
    carriedOut:
      write.resourceVersionAfter !== null && write.resourceVersionAfter !== write.resourceVersionBefore,
    fence: match === null ? null : { change: Number(match[1]), epoch: Number(match[2]) },
    intent: write.impersonated?.extra[ATTEMPT]?.[0] ?? null,
  };
}

export const timeOf = (entry: Entry): number => Date.parse(entry.at);

/** Entries of one change with one of these actions that were not refused. */
export const entriesOf = ({ entries }: Read, change: number, ...actions: string[]): Entry[] =>
  entries.filter(
    (entry) => entry.change === change && entry.result !== 'refused' && actions.includes(entry.action),
  );

/** A rollback waits for no figures (2.2, 14), so that it may go on and succeed unjudged; never against a FAIL. */
export const isRollback = (read: Read, change: number): boolean => kindOf(read, change) === 'rollback';

/** What was asked for: `deploy`, `rollback`, `shift`. */
export const kindOf = (read: Read, change: number): string =>
  String(entriesOf(read, change, 'change.requested')[0]?.details['kind'] ?? '');

export const changesOf = ({ entries }: Read): number[] =>
  [...new Set(entries.flatMap(({ change }) => (change === undefined ? [] : [change])))].sort((a, b) => a - b);

export const told = (write: OurWrite): string => `Write ${write.sequence} of ${write.object}`;
