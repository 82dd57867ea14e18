import 'server-only';
import { z } from 'zod';
import type { Config } from '@/lib/config/schema';
import { Series } from '@/lib/config/series';
import type { Slo } from '@/lib/config/slo';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { parseObjective } from '../math/objective';
import { isTimeZone } from '../math/window';
import type { GroupLabels } from '../model';
import type { Defined } from './in-force';

const Span = z.object({ from: z.number(), to: z.number() });

/**
 * What a report needs of a kept definition. It was valid by the rules of its time, so what is missing is filled in
 * as the configuration of today would.
 */
const Stored = z.object({
  id: z.string(),
  service: z.string(),
  name: z.string(),
  objective: z.string().refine((text) => 'objective' in parseObjective(text)),
  window: z
    .union([
      z.object({ kind: z.literal('rolling'), seconds: z.number() }),
      z.object({
        kind: z.literal('calendar'),
        unit: z.enum(['week', 'month', 'quarter']),
        zone: z.string().refine(isTimeZone),
      }),
    ])
    .default({ kind: 'rolling', seconds: 30 * 86_400 }),
  method: z
    .union([
      z.literal('occurrences'),
      z.object({ timeslices: z.enum(['1m', '5m']), target: z.string().optional() }),
    ])
    .default('occurrences'),
  scope: z.enum(['service', 'written']).default('service'),
  indicator: z
    .union([
      z.string(),
      z.object({
        kind: z.string(),
        total: Series.optional(),
        buckets: Series.optional(),
        histogram: Series.optional(),
        gauge: Series.optional(),
      }),
    ])
    .default('availability'),
  minFailures: z.number().default(1),
  maintenance: z.enum(['counts', 'excluded']).default('counts'),
  exclusions: z
    .array(
      z.union([
        Span.extend({ kind: z.literal('once'), reason: z.string() }),
        z.object({
          kind: z.literal('recurring'),
          reason: z.string(),
          rule: z.string(),
          starts: z.string(),
          zone: z.string(),
          seconds: z.number(),
        }),
      ]),
    )
    .default([]),
});
type Stored = z.infer<typeof Stored>;

const Labels = z.record(z.string(), z.string());
const Gaps = z.array(z.object({ from: z.number(), to: z.number() }));

/** A definition of an objective with its groups, and how far it is recorded. Times are unix seconds. */
export type Definition = Defined & {
  hash: string;
  slo: Stored;
  isProbe: boolean;
  groups: { groupId: number; labels: GroupLabels }[];
  progress: {
    finalUntil: number | null;
    backfilledFrom: number | null;
    backfillUntil: number;
    backfill: { done: number; total: number };
    gaps: { from: number; to: number }[];
  } | null;
};

const unix = (at: Date): number => at.getTime() / 1000;
const unixOrNull = (at: Date | null): number | null => (at === null ? null : unix(at));

const kindOf = ({ indicator }: Pick<Stored, 'indicator'>): string =>
  typeof indicator === 'string' ? indicator : indicator.kind;

/** The definition as it was kept; one that an earlier release kept otherwise is taken from the configuration. */
function storedOf(kept: unknown, configured: Slo | undefined): Stored | null {
  const parsed = Stored.safeParse(kept);
  return parsed.success ? parsed.data : (configured ?? null);
}

/** Every definition of an environment, those that were edited since too. */
export async function readDefinitions(
  db: DatabaseOrTransaction,
  config: Config,
  environment: string,
): Promise<Definition[]> {
  const rows = await db.sloDefinition.findMany({
    where: { environment },
    include: { groups: { orderBy: { key: 'asc' } }, progress: true },
    orderBy: [{ slo: 'asc' }, { firstSeenAt: 'asc' }, { id: 'asc' }],
  });
  return rows.flatMap(({ id, slo, hash, definition, firstSeenAt, retiredAt, groups, progress }) => {
    const stored = storedOf(
      definition,
      config.slos.find((one) => one.id === slo),
    );
    if (stored === null) return [];
    return {
      id,
      hash,
      slo: { ...stored, id: slo },
      isProbe: kindOf(stored) === 'probe',
      firstSeen: unix(firstSeenAt),
      retired: unixOrNull(retiredAt),
      groups: groups.map((group) => ({ groupId: group.id, labels: Labels.parse(group.labels) })),
      progress:
        progress === null
          ? null
          : {
              finalUntil: unixOrNull(progress.finalUntil),
              backfilledFrom: unixOrNull(progress.backfilledFrom),
              backfillUntil: unix(progress.backfillUntil),
              backfill: { done: progress.backfillDone, total: progress.backfillTotal },
              gaps: Gaps.parse(progress.gaps),
            },
    };
  });
}

/** The month, in the environment's reports, in which the first count lies (unix seconds); null when there is none. */
export async function firstKnown(db: DatabaseOrTransaction, environment: string): Promise<number | null> {
  const [row] = await db.$queryRaw<{ at: number | null }[]>`
    SELECT extract(epoch FROM min(c.start_at))::float8 AS at FROM slo_chunk c
    JOIN slo_group g ON g.id = c.group_id JOIN slo_definition d ON d.id = g.definition_id
    WHERE d.environment = ${environment} AND c.known > 0`;
  return row?.at ?? null;
}
