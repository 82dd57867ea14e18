import { z } from 'zod';
import type { Person } from '@/lib/access/model';
import type { Config } from '@/lib/config/schema';
import { person } from '@/worker/testing/people';
import { Evidence } from '../../contract';
import { heldRestore } from '../../testing/held-restore';
import { backupWorld } from '../../testing/world';
import { carryOutDrills } from '../carry-out';
import { PhaseView, type RequestDrill } from '../contract';
import { requestDrill } from '../request-drill';
import { drillsView } from '../view';

/** Copies of a shop, people who may ask for drills, and workers that are called by hand. */
export async function drillWorld() {
  const world = await backupWorld();
  const sre = await person(world.db, 'Sam Reyes', ['sre']);
  const stakeholder = await person(world.db, 'Stella Kim', ['stakeholder']);
  const newest = async () => {
    const row = await world.db.restoreRun.findFirstOrThrow({ orderBy: { requestedAt: 'desc' } });
    return {
      ...row,
      phases: z.array(PhaseView).parse(row.phases),
      evidence: z.array(Evidence).parse(row.evidence),
    };
  };
  const ask = (input: RequestDrill = {}, config: Config = world.config(), actor: Person = sre) =>
    requestDrill({ actor, config, database: 'shop', input }, world.db);
  return {
    ...world,
    sre,
    stakeholder,
    /** The drill that was asked for last. */
    newest,
    ask,
    carryOut: (config?: Config, workerId?: string, signal?: AbortSignal) =>
      carryOutDrills(world.copier(config, workerId, signal)),
    /** Asks and carries out. */
    rehearsed: async (config?: Config, input?: RequestDrill) => {
      await ask(input, config);
      await carryOutDrills(world.copier(config));
      return newest();
    },
    view: async (config: Config = world.config()) => {
      const { databases } = await drillsView(config, 'production', sre, world.db);
      const [shop] = databases;
      if (shop === undefined) throw new Error('There is no view of the shop.');
      return shop;
    },
    /** Names of databases on the scratch server that are ours by their name. */
    scratches: async (): Promise<string[]> => {
      const { rows } = await world.admin.query<{ name: string }>(
        `SELECT datname AS name FROM pg_database WHERE datname ~ '^signalbox_(scratch|drill)_' ORDER BY 1`,
      );
      return rows.map(({ name }) => name);
    },
    /** A configuration whose restores wait until `go` is called, or the test is over. */
    held: () => {
      const { tools, go } = heldRestore(world);
      return { config: world.config({}, tools), input: world.input({}, tools), go };
    },
  };
}
export type DrillWorld = Awaited<ReturnType<typeof drillWorld>>;
