import 'server-only';
import type { CommandFact } from '../facts';
import type { StoredChange } from '../stored';
import type { Execution } from './execution';
import { isWayBack } from './intents';

/**
 * For whom a write is made: who gave the command (an abort names the aborter, also later on the way back), else
 * the requester. The cluster's own audit log names this person.
 */
export async function emailOf(
  run: Execution,
  change: StoredChange,
  move: { verb: string; command: CommandFact | null },
): Promise<string> {
  if (isWayBack(move.verb) && change.outcome?.by !== undefined) return change.outcome.by.email;
  const command =
    move.command === null ? null : await run.db.command.findUnique({ where: { id: move.command.id } });
  const id = command?.actorId ?? change.requesterId;
  const user = await run.db.user.findUnique({ where: { id }, select: { email: true } });
  return user?.email ?? id;
}
