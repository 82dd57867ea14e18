import 'server-only';
import { z } from 'zod';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { type KillSwitch, Prisma } from '@/prisma/generated/client';
import type { Staged } from '../staged/contract';
import { type SwitchScope, type SwitchVerb, switchScopes, switchVerbs } from './contract';
import type { Kill } from './model';

const Verb = z.enum(switchVerbs);
const Scope = z.enum(switchScopes);

export const verbWords: Record<SwitchVerb, string> = { freeze: 'FREEZE', 'back-out': 'BACK OUT' };
const scopeWords: Record<SwitchScope, string> = {
  everywhere: 'everywhere',
  cluster: 'on cluster',
  service: 'of service',
};

type Row = Pick<KillSwitch, 'verb' | 'scope' | 'target'>;

/** `FREEZE everywhere`, `BACK OUT on cluster us-east-1`. */
export const switchTitle = ({ verb, scope, target }: Row): string =>
  `${verbWords[Verb.parse(verb)]} ${scopeWords[Scope.parse(scope)]}${target === null ? '' : ` ${target}`}`;

/** What holds for changes of a service on a cluster. */
export const coveredBy = (change: Covered) => ({
  releasedAt: null,
  OR: [
    { scope: 'everywhere' },
    { scope: 'cluster', target: { in: clustersOf(change) } },
    { scope: 'service', target: change.service },
  ],
});

/** The same the other way round: the changes that a switch is about. */
export const changesUnder = ({ scope, target }: Pick<Row, 'scope' | 'target'>): Prisma.ChangeWhereInput => {
  if (target === null) return {};
  if (scope === 'service') return { service: target };
  const objects = { path: ['staged', 'objects'], array_contains: [{ cluster: target }] };
  return { OR: [{ cluster: target }, { plan: objects }] };
};

/** That no switch holds for a change, in SQL over `change c`. */
export const underNoSwitch = Prisma.sql`NOT EXISTS (
  SELECT 1 FROM kill_switch k WHERE k.released_at IS NULL AND CASE k.scope
    WHEN 'everywhere' THEN TRUE
    WHEN 'service' THEN k.target = c.service
    ELSE k.target = c.cluster
      OR c.plan #> '{staged,objects}' @> jsonb_build_array(jsonb_build_object('cluster', k.target)) END)`;

/** A plan, or a change with its plan; a staged one may write several clusters. */
type Covered = {
  cluster: string;
  service: string;
  plan?: { staged?: Staged | undefined } | undefined;
  staged?: Staged | undefined;
};

const clustersOf = ({ cluster, plan, staged }: Covered): string[] => [
  ...new Set([cluster, ...((staged ?? plan?.staged)?.objects ?? []).map((object) => object.cluster)]),
];

/**
 * The switch that decides over a change; null when none is pulled. FREEZE outranks BACK OUT: who stops all acting
 * does not want it to go on in another direction. Of two the earlier one counts, so that it does not alternate.
 */
export async function activeKill(db: DatabaseOrTransaction, change: Covered): Promise<Kill | null> {
  const rows = await db.killSwitch.findMany({ where: coveredBy(change), orderBy: { pulledAt: 'asc' } });
  const row = rows.find(({ verb }) => verb === 'freeze') ?? rows[0];
  if (row === undefined) return null;
  return {
    id: row.id,
    verb: Verb.parse(row.verb),
    sentence: `${switchTitle(row)}, by ${row.pulledByName}: ${row.reason}`,
    by: { id: row.pulledById, name: row.pulledByName, email: row.pulledByEmail },
  };
}
