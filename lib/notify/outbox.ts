import 'server-only';
import type { Config } from '@/lib/config/schema';
import { env } from '@/lib/core/env';
import { paths } from '@/lib/core/paths';
import type { Transaction } from '@/lib/db/transaction';
import { changeMessage, type NotifiedEvent, plainMessage } from './model';

/** Writes one message per webhook inside the transaction of what it tells; the worker delivers it. */
export async function notify(
  tx: Transaction,
  config: Pick<Config, 'notifications'>,
  event: NotifiedEvent,
  told: { id: string; title: string; sentence: string },
): Promise<void> {
  const { webhooks } = config.notifications;
  if (webhooks.length === 0) return;
  const base = env().NEXTAUTH_URL;
  const url = base === undefined ? null : new URL(paths.change(told.id), base).toString();
  const payload = changeMessage(told, url);
  await tx.outbox.createMany({
    data: webhooks.map(({ id }) => ({ webhook: id, event: `change.${event}`, payload })),
  });
}

/** The same for what is told of no single change. */
export async function notifyAll(
  tx: Transaction,
  config: Pick<Config, 'notifications'>,
  event: 'switch.pulled' | 'switch.released' | 'backup.drill_failed',
  sentence: string,
): Promise<void> {
  const payload = plainMessage(sentence);
  await tx.outbox.createMany({
    data: config.notifications.webhooks.map(({ id }) => ({ webhook: id, event, payload })),
  });
}

/** What is wrong with copies or archives, or well again, with a link to their page. */
export async function notifyBackups(
  tx: Transaction,
  config: Pick<Config, 'notifications'>,
  event: 'backup.trouble' | 'backup.well',
  told: { title: string; sentence: string },
): Promise<void> {
  const base = env().NEXTAUTH_URL;
  const url = base === undefined ? null : new URL(paths.backups(), base).toString();
  const payload = changeMessage({ id: 'Backups', ...told }, url);
  await tx.outbox.createMany({
    data: config.notifications.webhooks.map(({ id }) => ({ webhook: id, event, payload })),
  });
}
