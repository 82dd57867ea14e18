import 'server-only';
import type { Person } from '@/lib/access/model';
import { stage } from '@/lib/audit/stage';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { type Database, database } from '@/lib/db/client';
import { databaseNow, transaction } from '@/lib/db/transaction';
import type { StatusMessageView, UpdateMessage } from './contract';
import { requirePublisher } from './publish-message';
import { readMessage } from './store';

export type UpdateCall = {
  actor: Person;
  config: Config;
  id: string;
  input: UpdateMessage;
  requestId?: string | undefined;
};

/**
 * Adds an update to a message; `resolved` is final. Throws OpsError `forbidden`, `not-found`, `precondition`
 * for a resolved message, and `conflict` when somebody updated it after the writer had looked.
 */
export function updateMessage(
  { actor, config, id, input, requestId }: UpdateCall,
  db: Database = database(),
): Promise<StatusMessageView> {
  requirePublisher(actor, config);
  return transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM status_message WHERE id = ${id}::uuid FOR UPDATE`;
    const before = await readMessage(tx, id);
    if (before.resolvedAt !== null) {
      throw new OpsError('precondition', 'This message is resolved, and a resolved message stays as it is.', {
        next: 'Publish a new message.',
      });
    }
    if (before.version !== input.version) {
      throw new OpsError('conflict', 'Somebody updated this message after you had opened it.', {
        next: 'Read the newest update and write yours again if it is still needed.',
      });
    }
    const at = await databaseNow(tx);
    const resolved = input.state === 'resolved';
    await tx.statusMessage.update({
      where: { id },
      data: { state: input.state, version: before.version + 1, resolvedAt: resolved ? at : null },
    });
    await tx.statusUpdate.create({
      data: { messageId: id, state: input.state, body: input.body, createdBy: actor.id, createdAt: at },
    });
    await stage(tx, {
      action: resolved ? 'status.resolved' : 'status.updated',
      actor,
      target: `status:${id}`,
      result: 'ok',
      requestId,
      details: { title: before.title, state: input.state, version: before.version + 1 },
    });
    return readMessage(tx, id);
  }, db);
}
