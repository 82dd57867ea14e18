import 'server-only';
import type { Config } from '@/lib/config/schema';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { alertsPoll, environmentAlerts } from '@/lib/service/alerts';
import type { StoredChange } from '../stored';
import type { IncidentView } from './contract';
import { isHeldByIncidents } from './incident-problem';
import { alertWords, publicIncidents } from './open-incidents';

type Asked = Pick<StoredChange, 'state' | 'plan'>;

/**
 * Incidents of the service while a change waits, as far as the web has read them; for people, never for decisions. Of
 * changes that no incident holds up there is nothing to tell. `firstSigned`: when the first sign-off was given.
 */
export async function viewIncidents(
  config: Config,
  db: DatabaseOrTransaction,
  { state, plan }: Asked,
  firstSigned: Date | null,
): Promise<IncidentView[]> {
  const { service: id, environment } = plan;
  const service = config.services.find((one) => one.id === id);
  const waits = state === 'InReview' || state === 'Approved';
  if (!waits || service === undefined || !isHeldByIncidents(plan)) return [];
  const messages = await publicIncidents(config, db, { service, environment });
  const found = [
    ...alertsKnown(config, plan),
    ...messages.map(({ what, since }) => ({ what, since: since.toISOString() })),
  ];
  return found
    .sort((a, b) => a.since.localeCompare(b.since))
    .map((one) => ({ ...one, endsApproval: firstSigned !== null && new Date(one.since) > firstSigned }));
}

/** What the last look of the web at the Alertmanagers found; it is kept up while somebody reads. */
function alertsKnown(
  config: Config,
  { service, environment }: StoredChange['plan'],
): { what: string; since: string }[] {
  if (config.sources.alertmanager.length === 0) return [];
  const reading = environmentAlerts(config, environment, alertsPoll(config).peek());
  if (reading.state === 'missing') return [];
  const own = reading.value.filter(
    (alert) => alert.service === service && alert.severity === 'critical' && alert.state !== 'suppressed',
  );
  const byName = new Map(
    own.toSorted((a, b) => b.since.localeCompare(a.since)).map(({ name, since }) => [name, since]),
  );
  return [...byName].map(([name, since]) => ({ what: alertWords(name), since }));
}
