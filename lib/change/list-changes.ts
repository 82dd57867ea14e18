import 'server-only';
import type { z } from 'zod';
import type { Config } from '@/lib/config/schema';
import { changeNumber } from '@/lib/core/ids';
import { type Database, database } from '@/lib/db/client';
import type { ChangeList, ChangeListQuery } from './contract';
import { statesOf } from './history/model';
import { executingStates, waitingStates } from './model';
import { rowInclude, toRow } from './row';

const PAGE = 50;

/** Groups of states that a filter may name beside a single state. */
const groups = {
  open: [...waitingStates, ...executingStates, 'ReconcileRequired'],
  running: [...executingStates],
  review: ['InReview'],
} as const;

/** Newest first; `next` is the id to ask for the page after. */
export async function listChanges(
  config: Config,
  query: z.output<typeof ChangeListQuery>,
  db: Database = database(),
): Promise<z.output<typeof ChangeList>> {
  const { state } = query;
  const group = Object.entries(groups).find(([name]) => name === state)?.[1];
  const records = await db.change.findMany({
    where: {
      ...(query.service === undefined ? {} : { service: query.service }),
      ...(query.environment === undefined ? {} : { environment: query.environment }),
      ...(query.kind === undefined ? {} : { kind: query.kind }),
      ...(query.outcome === undefined ? {} : { AND: { state: { in: statesOf(query.outcome) } } }),
      ...(state === undefined ? {} : group === undefined ? { state } : { state: { in: [...group] } }),
      ...(query.before === undefined ? {} : { number: { lt: changeNumber(query.before) } }),
    },
    orderBy: { number: 'desc' },
    take: PAGE + 1,
    include: rowInclude,
  });
  const rows = records.slice(0, PAGE).map((record) => toRow(config, record).row);
  return { changes: rows, next: records.length > PAGE ? (rows.at(-1)?.id ?? null) : null };
}
