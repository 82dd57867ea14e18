import 'server-only';
import { switchTitle } from '@/lib/change/switch/active';
import type { Config } from '@/lib/config/schema';
import { database } from '@/lib/db/client';
import { Poll } from '@/lib/sources/poll';
import type { KillSwitch } from '@/prisma/generated/client';
import { placementsIn } from './placements';

/** A FREEZE or BACK OUT that is pulled now. */
export type Pulled = Pick<KillSwitch, 'verb' | 'scope' | 'target' | 'pulledByName'>;

declare global {
  var signalboxPulled: Poll<Pulled[]> | undefined;
}

/** The switches that are pulled, the newest first; read while somebody looks, and at once when the record grows. */
export function pulledPoll(): Poll<Pulled[]> {
  globalThis.signalboxPulled ??= new Poll<Pulled[]>({
    name: 'pulled switches',
    intervalMs: 5000,
    read: () =>
      database().killSwitch.findMany({
        where: { releasedAt: null },
        orderBy: { pulledAt: 'desc' },
        select: { verb: true, scope: true, target: true, pulledByName: true },
      }),
  });
  return globalThis.signalboxPulled;
}

const MOST_NAMED = 2;

/** What is stopped in an environment, in sentences; empty while nothing is. */
export function stoppedWords(config: Config, environment: string, pulled: readonly Pulled[]): string {
  const places = placementsIn(config, environment);
  const here = pulled.filter(
    ({ scope, target }) =>
      scope === 'everywhere' ||
      places.some(({ service, placement }) =>
        scope === 'cluster' ? placement.cluster === target : service.id === target,
      ),
  );
  const named = here.slice(0, MOST_NAMED).map((one) => {
    const runs = one.verb === 'freeze' ? 'what runs stays as it is' : 'what runs goes back';
    return `${switchTitle(one)}, pulled by ${one.pulledByName}: nothing starts, and ${runs}.`;
  });
  const more = here.length - named.length;
  return [...named, ...(more > 0 ? [`And ${more} more such switch${more === 1 ? '' : 'es'}.`] : [])].join(
    ' ',
  );
}
