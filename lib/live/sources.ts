import 'server-only';
import type { Config } from '@/lib/config/schema';
import type { HttpSource } from '@/lib/config/sources';
import { fresh, type Reading } from '@/lib/core/reading';
import { now } from '@/lib/core/time';
import { alertsPoll } from '@/lib/service/alerts';
import { clusters } from '@/lib/service/clusters';
import { environmentFigures } from '@/lib/service/figures';
import { labelNames, lokiName } from '@/lib/sources/loki/client';
import { Poll } from '@/lib/sources/poll';
import { readingAfter, toSourceError } from '@/lib/sources/source-error';
import type { LiveEvent } from './contract';
import type { DatabaseListener } from './listener';

export type SourceState = Extract<LiveEvent, { type: 'sources' }>['sources'][number];
type LokiStates = Map<string, Reading<true>>;

declare global {
  var signalboxLokis: Poll<LokiStates> | undefined;
}

/** Asks each Loki for its label names every 10 s: cheap, and it needs the same rights as a search. */
function lokiPoll(config: Config): Poll<LokiStates> {
  const probe = async (source: HttpSource, last: Reading<true> | undefined): Promise<Reading<true>> => {
    const to = BigInt(now().getTime()) * 1_000_000n;
    try {
      await labelNames(source, { from: to - 600_000_000_000n, to });
      return fresh<true>(true, now());
    } catch (error) {
      return readingAfter(last, toSourceError(error, lokiName(source)));
    }
  };
  globalThis.signalboxLokis ??= new Poll<LokiStates>({
    name: 'Loki',
    intervalMs: 10_000,
    read: async (previous) =>
      new Map(
        await Promise.all(
          config.sources.loki.map(
            async (source) => [source.id, await probe(source, previous?.get(source.id))] as const,
          ),
        ),
      ),
  });
  return globalThis.signalboxLokis;
}

function ofReading(
  kind: SourceState['kind'],
  id: string,
  reading: Reading<unknown> | undefined,
  lateSeconds: number,
): SourceState {
  if (reading === undefined) {
    return { id, kind, state: 'late', observedAt: null, reason: null, detail: 'Not read yet.' };
  }
  const observedAt = reading.state === 'missing' ? null : reading.observedAt;
  if (reading.state !== 'fresh') {
    return {
      id,
      kind,
      state: 'failing',
      observedAt,
      reason: reading.reason,
      detail: reading.detail ?? null,
    };
  }
  const age = now().getTime() - Date.parse(reading.observedAt);
  const state = age > lateSeconds * 1000 ? 'late' : 'fresh';
  return { id, kind, state, observedAt, reason: null, detail: null };
}

/** How each configured source and the database are now. Keeps the background reads alive while called. */
export function sourceStates(config: Config, listener: DatabaseListener): SourceState[] {
  const prometheus = new Map<string, Reading<true>>();
  for (const { id } of config.environments) {
    for (const [source, reading] of environmentFigures(config, id).peek()?.sources ?? []) {
      prometheus.set(source, reading);
    }
  }
  const alerts = alertsPoll(config).peek();
  const lokis = lokiPoll(config).peek();
  return [
    ...config.sources.prometheus.map(({ id, scrapeInterval }) =>
      ofReading('prometheus', id, prometheus.get(id), Math.max(15, scrapeInterval * 3)),
    ),
    ...config.sources.alertmanager.map(({ id }) => ofReading('alertmanager', id, alerts?.get(id), 45)),
    ...config.sources.loki.map(({ id }) => ofReading('loki', id, lokis?.get(id), 45)),
    ...[...clusters(config).values()].map((cache): SourceState => {
      const { state, observedAt, error } = cache.state();
      return {
        id: cache.id,
        kind: 'cluster',
        state,
        observedAt: observedAt?.toISOString() ?? null,
        reason: error?.reason ?? null,
        detail: error?.message ?? null,
      };
    }),
    {
      id: 'database',
      kind: 'database',
      state: listener.state === 'listening' ? 'fresh' : listener.state === 'failing' ? 'failing' : 'late',
      observedAt: listener.heardAt?.toISOString() ?? null,
      reason: listener.state === 'failing' ? 'unreachable' : null,
      detail: listener.state === 'failing' ? 'The database does not answer.' : null,
    },
  ];
}

/** Equal texts mean nothing that a person would see changed; ages alone do not count. */
export const sourcesKey = (states: readonly SourceState[]): string =>
  JSON.stringify(states.map(({ id, kind, state, reason, detail }) => [id, kind, state, reason, detail]));
