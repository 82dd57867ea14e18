import 'server-only';
import type { Config } from '@/lib/config/schema';
import type { Service } from '@/lib/config/service';
import { messageOf } from '@/lib/core/errors';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { isOfService, severityOf } from '@/lib/service/match-alert';
import { placeKey, serves } from '@/lib/service/placements';
import { firingAlerts } from '@/lib/sources/alertmanager/client';

/** `what` goes on with "since": "the critical alert Down fires". */
export type Incident = { what: string; since: Date };
/** `unread`: why not all of them are known; null when they are. */
export type OpenIncidents = { open: Incident[]; unread: string | null };

type Where = { service: Service; environment: string };

/**
 * What runs now as an incident of a service, oldest first: its critical alerts that fire and speak, and what the status
 * page says of it and is not resolved. Never throws: what cannot be read is told.
 */
export async function openIncidents(
  config: Config,
  db: DatabaseOrTransaction,
  where: Where,
  signal?: AbortSignal,
): Promise<OpenIncidents> {
  const [alerts, messages] = await Promise.all([
    criticalAlerts(config, where, signal),
    publicIncidents(config, db, where),
  ]);
  const told = alerts.firing.map(({ name, since }) => ({ what: alertWords(name), since }));
  const open = [...told, ...messages].sort((a, b) => a.since.getTime() - b.since.getTime());
  return { open, unread: alerts.unread };
}

export const alertWords = (name: string): string => `the critical alert ${name} fires`;

/** By their names, each once; `unread`: why not all of them are known. */
export type CriticalAlerts = { firing: { name: string; since: Date }[]; unread: string | null };

/** Critical alerts of a service that fire now and speak. Never throws. */
export async function criticalAlerts(
  { sources }: Pick<Config, 'sources'>,
  { service, environment }: Where,
  signal?: AbortSignal,
): Promise<CriticalAlerts> {
  const asked = sources.alertmanager.filter((source) => serves(source, environment, null));
  const read = await Promise.allSettled(asked.map((source) => firingAlerts(source, signal)));
  const first = new Map<string, { name: string; since: Date }>();
  for (const { labels, status, startsAt } of read.flatMap((one) =>
    one.status === 'fulfilled' ? one.value : [],
  )) {
    if (status.state === 'suppressed' || severityOf(labels['severity']) !== 'critical') continue;
    if (!isOfService(service, environment, labels)) continue;
    const name = labels['alertname'] ?? 'without a name';
    const known = first.get(name);
    // One alert of several pods or regions is one incident, since its first.
    if (known === undefined || startsAt < known.since) first.set(name, { name, since: startsAt });
  }
  const dead = read.find((one) => one.status === 'rejected');
  return { firing: [...first.values()], unread: dead === undefined ? null : messageOf(dead.reason) };
}

/** What was announced to the public as more than maintenance; a message that names no component is of no service. */
export async function publicIncidents(
  config: Config,
  db: DatabaseOrTransaction,
  { service, environment }: Where,
): Promise<Incident[]> {
  if (environment !== config.status.environment) return [];
  const components = (service.placements[environment] ?? []).map(({ region }) =>
    placeKey(service.id, region),
  );
  const rows = await db.statusMessage.findMany({
    where: {
      resolvedAt: null,
      impact: { in: ['minor', 'major', 'critical'] },
      components: { hasSome: components },
    },
    select: { title: true, createdAt: true },
  });
  return rows.map(({ title, createdAt }) => ({
    what: `the status page says “${title}”`,
    since: createdAt,
  }));
}
