import 'server-only';
import { type Caller, can } from '@/lib/access/model';
import type { Config } from '@/lib/config/schema';
import { type Database, database } from '@/lib/db/client';
import { executingStates, waitingStates } from '../model';
import { changesUnder, switchTitle } from './active';
import { type SwitchList, switchScopes, switchVerbs } from './contract';
import { mayPull } from './pull-switch';
import { releaseRefusal } from './release-switch';

/** The switches that are pulled now, and what this person may do about them. */
export async function viewSwitches(
  { actor, config }: { actor: Caller; config: Config },
  db: Database = database(),
): Promise<SwitchList> {
  const rows = await db.killSwitch.findMany({ where: { releasedAt: null }, orderBy: { pulledAt: 'desc' } });
  const open = { in: [...executingStates, ...waitingStates] };
  const holds = await Promise.all(
    rows.map((row) => db.change.count({ where: { state: open, AND: changesUnder(row) } })),
  );
  return {
    switches: rows.map((row, index) => ({
      id: row.id,
      verb: switchVerbs.find((verb) => verb === row.verb) ?? 'freeze',
      scope: switchScopes.find((scope) => scope === row.scope) ?? 'everywhere',
      target: row.target,
      title: switchTitle(row),
      reason: row.reason,
      pulledBy: row.pulledByName,
      pulledAt: row.pulledAt.toISOString(),
      releaseAsked:
        row.releaseAskedAt === null
          ? null
          : {
              by: row.releaseAskedByName ?? '',
              at: row.releaseAskedAt.toISOString(),
              reason: row.releaseReason ?? '',
            },
      holds: holds[index] ?? 0,
      refusal: releaseRefusal(actor, row),
    })),
    mayPull: can(actor, 'change.stop') ? null : mayPull,
    clusters: config.clusters.map(({ id }) => id),
    services: config.services.map(({ id, name }) => ({ id, name })),
  };
}
