import 'server-only';
import type { Config } from '@/lib/config/schema';
import { fresh, missing, type Reading, stale } from '@/lib/core/reading';
import { now } from '@/lib/core/time';
import { alertmanagerName, firingAlerts, type JoinedAlert } from '@/lib/sources/alertmanager/client';
import { Poll } from '@/lib/sources/poll';
import { readingAfter, toSourceError } from '@/lib/sources/source-error';
import type { FiringAlert } from './contract';
import { byUrgency, concernsEnvironment, toFiringAlert } from './match-alert';
import { serves } from './placements';

/** What each Alertmanager says, by its id. */
type Alerts = Map<string, Reading<JoinedAlert[]>>;

declare global {
  var signalboxAlerts: Poll<Alerts> | undefined;
  /** Told when the set of firing alerts changes; set by the live hub. */
  var signalboxAlertsChanged: (() => void) | undefined;
}

const identity = (alerts: Alerts): string =>
  [...alerts]
    .map(([id, reading]) => [
      id,
      reading.state,
      reading.state === 'missing'
        ? ''
        : reading.value.map(({ fingerprint, status }) => `${fingerprint}${status.state}`).sort(),
    ])
    .join();

async function readAlerts(
  config: Config,
  previous: Alerts | undefined,
  signal: AbortSignal,
): Promise<Alerts> {
  return new Map(
    await Promise.all(
      config.sources.alertmanager.map(async (source): Promise<[string, Reading<JoinedAlert[]>]> => {
        try {
          return [source.id, fresh(await firingAlerts(source, signal), now())];
        } catch (error) {
          const failure = toSourceError(error, alertmanagerName(source));
          return [source.id, readingAfter(previous?.get(source.id), failure)];
        }
      }),
    ),
  );
}

/** All Alertmanagers, asked every 10 s while somebody reads. */
export function alertsPoll(config: Config): Poll<Alerts> {
  globalThis.signalboxAlerts ??= new Poll<Alerts>({
    name: 'alerts',
    intervalMs: 10_000,
    read: (previous, signal) => readAlerts(config, previous, signal),
    onValue: (value, previous) => {
      if (previous === undefined || identity(value) !== identity(previous)) {
        globalThis.signalboxAlertsChanged?.();
      }
    },
  });
  return globalThis.signalboxAlerts;
}

/**
 * The alerts of an environment, each once however many Alertmanagers of a cluster report it. One dead of
 * several makes the whole stale: an alert might be missing.
 */
export function environmentAlerts(
  config: Config,
  environment: string,
  alerts: Alerts | undefined,
): Reading<FiringAlert[]> {
  const sources = config.sources.alertmanager.filter((source) => serves(source, environment, null));
  if (sources.length === 0) return missing('not-configured', 'No Alertmanager is configured.');
  if (alerts === undefined) return missing('unreachable', 'Alertmanager has not been read yet.');
  const readings = sources.flatMap(({ id }) => alerts.get(id) ?? []);
  const broken = readings.find((reading) => reading.state !== 'fresh');
  const known = readings.filter((reading) => reading.state !== 'missing');
  if (known.length === 0) {
    return broken?.state === 'missing'
      ? broken
      : missing('unreachable', 'Alertmanager has not been read yet.');
  }
  const services = config.services.filter(({ placements }) => placements[environment] !== undefined);
  const unique = new Map(
    known.flatMap(({ value }) => value).map((alert) => [alert.fingerprint, alert] as const),
  );
  const list = [...unique.values()]
    .filter((alert) => concernsEnvironment(alert, environment))
    .map((alert) => toFiringAlert(alert, environment, services))
    .sort(byUrgency);
  const oldest = known.map(({ observedAt }) => observedAt).sort()[0] ?? now().toISOString();
  if (broken === undefined) return fresh(list, new Date(oldest));
  return stale(list, oldest, broken.reason, broken.detail);
}
