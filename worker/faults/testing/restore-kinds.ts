import { clearAbandonedLoads } from '@/lib/backup/restore/clear-loads';
import { loadCopies } from '@/lib/backup/restore/load-copies';
import { checkEnd, checkMoment, type RestoreViolation } from './checker/restore';
import type { Kind } from './kinds';
import type { RestoreSimulation } from './restore-simulation';

const place = { service: 'fraiseql-api', environment: 'production', region: 'us-east-1' } as const;
const NAME = 'shop';

/** A change that puts a copy back; another process loads it. Signed anew for each schedule: the old database is another one. */
export function restoreKinds(sim: RestoreSimulation): readonly Kind[] {
  let served = { name: NAME, oid: 0 };
  /** What was not so at some point of the schedule. */
  let broken: RestoreViolation[] = [];
  return [
    {
      name: 'restore',
      writes: 0,
      serving: [],
      isJudged: false,
      isUsedUp: true,
      state: 'Succeeded',
      ask: async () => {
        const live = (await sim.held()).find(({ name }) => name === NAME);
        if (live === undefined) throw new Error('The served database is not there.');
        broken = [];
        served = { name: NAME, oid: live.oid };
        return { kind: 'restore', ...place, database: NAME, copy: sim.copyId, safetyCopy: false } as const;
      },
      beside: async () => {
        await clearAbandonedLoads(sim.copier('loads'));
        await loadCopies(sim.copier('loads'));
      },
      onPoint: async (name) => {
        if (name.includes(' served ')) broken.push(...checkMoment(await sim.held(), served));
      },
      judge: async (change) => {
        const { state } = await sim.db.change.findUniqueOrThrow({ where: { number: change } });
        const aside = await sim.db.setAside.findMany({ where: { changeNumber: change } });
        const known = aside.map(({ serverName }) => serverName);
        return [
          ...broken,
          ...checkEnd(await sim.held(), served, { isRestored: state === 'Succeeded', known }),
        ];
      },
    },
  ];
}
