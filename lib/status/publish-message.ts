import 'server-only';
import type { z } from 'zod';
import { type Caller, can, type Person } from '@/lib/access/model';
import { stage } from '@/lib/audit/stage';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { type Database, database } from '@/lib/db/client';
import { databaseNow, transaction } from '@/lib/db/transaction';
import { componentsOf } from './components';
import type { PublishMessage, StatusMessageView } from './contract';
import { readMessage } from './store';

/** The lead roles, and the accounts that signalbox.yaml names. */
export const mayPublish = (actor: Caller, config: Config): boolean =>
  actor.kind === 'person' && (can(actor, 'status.publish') || config.status.publishers.includes(actor.email));

/** Throws OpsError `forbidden`. */
export function requirePublisher(actor: Person, config: Config): void {
  if (mayPublish(actor, config)) return;
  throw new OpsError('forbidden', 'Only leads may publish on the status page.', {
    next: 'Ask one of the six leads, or an administrator for the role.',
  });
}

/** Throws OpsError `invalid` naming what is not on the page. */
export function requireComponents(config: Config, wanted: readonly string[]): void {
  const known = new Set(componentsOf(config).map(({ id }) => id));
  const unknown = wanted.filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  throw new OpsError('invalid', `The status page has no component ${unknown.join(', ')}.`, {
    next: `It has: ${[...known].join(', ')}.`,
    fields: [{ path: 'components', message: 'names a component that does not exist' }],
  });
}

export type PublishCall = {
  actor: Person;
  config: Config;
  input: z.output<typeof PublishMessage>;
  requestId?: string | undefined;
};

/** Puts a message on the public page. Throws OpsError `forbidden` or `invalid`. */
export function publishMessage(
  { actor, config, input, requestId }: PublishCall,
  db: Database = database(),
): Promise<StatusMessageView> {
  requirePublisher(actor, config);
  requireComponents(config, input.components);
  return transaction(async (tx) => {
    const at = await databaseNow(tx);
    const components = [...new Set(input.components)].sort();
    const { id } = await tx.statusMessage.create({
      data: {
        title: input.title,
        impact: input.impact,
        state: input.state,
        components,
        createdAt: at,
        resolvedAt: input.state === 'resolved' ? at : null,
        updates: { create: { state: input.state, body: input.body, createdBy: actor.id, createdAt: at } },
      },
      select: { id: true },
    });
    await stage(tx, {
      action: 'status.published',
      actor,
      target: `status:${id}`,
      result: 'ok',
      requestId,
      details: {
        title: input.title,
        impact: input.impact,
        state: input.state,
        components: components.join(', ').slice(0, 500),
        version: 0,
      },
    });
    return readMessage(tx, id);
  }, db);
}
