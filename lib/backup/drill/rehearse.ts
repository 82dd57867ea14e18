import 'server-only';
import { messageOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { monotonicMs } from '@/lib/core/time';
import { readVersion } from '../catalog';
import { fact, judged } from '../check';
import type { CheckedCopy } from '../check-file';
import { lookAtRestored, restore, serverIsShort } from '../check-restore';
import type { Target } from '../connection';
import type { Evidence } from '../contract';
import { endedWell, fetchCopy, Obstacle, Parts, sectionsOf } from '../restore-parts';
import { redact } from '../run-tool';
import { createScratch, dropScratch, withClient } from '../scratch';
import { ownedBy } from '../scratch-mark';
import type { Tools } from '../tools';
import type { DrillPhase, PhaseTime } from './model';

/** What the phases need: a copy, the scratch server, and a name there that nobody else has. */
export type Rehearsing = {
  copy: CheckedCopy;
  minBytes: number;
  /** This console, as the scratch database says whose it is. */
  owner: string;
  server: Target;
  database: string;
  tools: Tools;
  timeoutSeconds: number;
  signal: AbortSignal;
  /** Told as it goes on; never throws. */
  tell: (phase: DrillPhase, ended: readonly PhaseTime[]) => Promise<void>;
};

export type Rehearsal = {
  phases: PhaseTime[];
  /** Where it ended; null when it passed. */
  failedIn: DrillPhase | null;
  obstacle: Obstacle | null;
  evidence: Evidence[];
};

/**
 * Restores a copy into a database that is made for it, each part with its time, looks at it as level 4 of the ladder
 * does, and drops it whatever happens. Throws the reason of the signal, after the drop.
 */
export async function rehearse(rehearsing: Rehearsing): Promise<Rehearsal> {
  const { signal, tell, server } = rehearsing;
  const parts = new Parts<DrillPhase>(signal, tell);
  let obstacle: Obstacle | null = null;
  let isMade = false;
  try {
    await parts.carryOut('fetch', () => fetchCopy(rehearsing.copy, rehearsing));
    await parts.carryOut('create', async () => {
      const found = await requireServer(rehearsing);
      // From here on there may be something to drop, also where the answer is lost.
      isMade = true;
      await createScratch(server, rehearsing.database, ownedBy(rehearsing.owner));
      return found;
    });
    await parts.carryOut('load', () => run(rehearsing, 'load'));
    await parts.carryOut('index', () => run(rehearsing, 'index'));
    await parts.carryOut('checks', () => look(rehearsing));
  } catch (error) {
    obstacle = asObstacle(error, server);
  }
  const { ended, evidence } = parts;
  const failedIn = obstacle === null ? null : parts.now;
  const dropped = isMade ? await drop(rehearsing, ended) : [];
  signal.throwIfAborted();
  return {
    phases: ended,
    failedIn,
    obstacle,
    evidence: [...evidence, ...dropped, ...(obstacle?.evidence ?? [])],
  };
}

const asObstacle = (error: unknown, { password }: Target): Obstacle =>
  error instanceof Obstacle
    ? error
    : new Obstacle(`The scratch server cannot be used: ${redact(messageOf(error), [password])}.`, false);

async function requireServer({ copy, server, signal }: Rehearsing): Promise<Evidence[]> {
  const { version, major } = await withClient(server, (client) => readVersion((sql) => client.query(sql)), {
    signal,
  });
  if (major < copy.catalog.serverMajor) {
    throw new Obstacle(
      `The scratch server is PostgreSQL ${version}, older than the database (${copy.serverVersion}).`,
      false,
    );
  }
  return [fact('Version of the scratch server', null, version)];
}

const run = async (rehearsing: Rehearsing, part: keyof typeof sectionsOf): Promise<Evidence[]> =>
  endedWell(part, await restore(rehearsing.copy, inScratch(rehearsing), sectionsOf[part]), serverIsShort);

async function look(rehearsing: Rehearsing): Promise<Evidence[]> {
  const { unknown, evidence } = await lookAtRestored(rehearsing.copy.catalog, inScratch(rehearsing));
  if (unknown !== null) throw new Obstacle(unknown, false, evidence);
  const { result, sentence } = judged(
    { level: 4, tool: '', toolVersion: '', evidence, seconds: 0 },
    'It is right.',
  );
  if (result === 'failed') throw new Obstacle(sentence, true, evidence);
  return evidence;
}

const inScratch = ({ server, database, tools, timeoutSeconds, signal }: Rehearsing) => ({
  target: { ...server, database },
  tools,
  timeoutSeconds,
  signal,
});

/** Also when the worker is to stop: what is left on the server takes its room. */
async function drop(
  { server, database, tell, signal }: Rehearsing,
  phases: PhaseTime[],
): Promise<Evidence[]> {
  if (!signal.aborted) await tell('drop', phases);
  const startedMs = monotonicMs();
  try {
    await dropScratch(server, database);
    phases.push({ phase: 'drop', seconds: (monotonicMs() - startedMs) / 1000 });
    return [];
  } catch (error) {
    logger('worker').warn(
      { database, err: error },
      'the database of a drill could not be dropped; it is tried again',
    );
    return [fact('Scratch database', null, 'could not be dropped; it is tried again')];
  }
}
