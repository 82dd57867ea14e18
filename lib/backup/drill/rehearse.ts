import 'server-only';
import { messageOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { monotonicMs } from '@/lib/core/time';
import { readVersion } from '../catalog';
import { fact, judged } from '../check';
import { type CheckedCopy, checkStored, logFact } from '../check-file';
import { lookAtRestored, restore, serverIsShort } from '../check-restore';
import type { Target } from '../connection';
import type { Evidence } from '../contract';
import { redact, type ToolResult } from '../run-tool';
import { createScratch, dropScratch, withClient } from '../scratch';
import { ownedBy } from '../scratch-mark';
import type { Tools } from '../tools';
import type { DrillPhase, PhaseTime } from './model';

/** Why a drill went no further, in words for people. */
export class Obstacle extends Error {
  readonly isFaultOfCopy: boolean;
  readonly evidence: Evidence[];

  constructor(sentence: string, isFaultOfCopy: boolean, evidence: Evidence[] = []) {
    super(sentence);
    this.isFaultOfCopy = isFaultOfCopy;
    this.evidence = evidence;
  }
}

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
  const phases: PhaseTime[] = [];
  const evidence: Evidence[] = [];
  let now: DrillPhase = 'fetch';
  const measure = async (phase: DrillPhase, work: () => Promise<Evidence[]>): Promise<void> => {
    now = phase;
    await tell(phase, phases);
    const startedMs = monotonicMs();
    const found = await work();
    signal.throwIfAborted();
    phases.push({ phase, seconds: (monotonicMs() - startedMs) / 1000 });
    evidence.push(...found);
  };
  let obstacle: Obstacle | null = null;
  let isMade = false;
  try {
    await measure('fetch', () => fetchCopy(rehearsing));
    await measure('create', async () => {
      const found = await requireServer(rehearsing);
      // From here on there may be something to drop, also where the answer is lost.
      isMade = true;
      await createScratch(server, rehearsing.database, ownedBy(rehearsing.owner));
      return found;
    });
    await measure('load', () => load(rehearsing));
    await measure('index', () => index(rehearsing));
    await measure('checks', () => look(rehearsing));
  } catch (error) {
    obstacle = asObstacle(error, server);
  }
  const failedIn = obstacle === null ? null : now;
  if (isMade) evidence.push(...(await drop(rehearsing, phases)));
  signal.throwIfAborted();
  return { phases, failedIn, obstacle, evidence: [...evidence, ...(obstacle?.evidence ?? [])] };
}

const asObstacle = (error: unknown, { password }: Target): Obstacle =>
  error instanceof Obstacle
    ? error
    : new Obstacle(`The scratch server cannot be used: ${redact(messageOf(error), [password])}.`, false);

async function fetchCopy({ copy, minBytes, signal }: Rehearsing): Promise<Evidence[]> {
  const { result, sentence, evidence } = await checkStored(copy, { minBytes, before: [], signal });
  if (result === 'passed') return evidence;
  throw new Obstacle(sentence, result === 'failed', evidence);
}

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

/** Tables and rows; what can be built from them comes after. */
const load = async (rehearsing: Rehearsing): Promise<Evidence[]> =>
  ended(
    'Exit code of pg_restore, data',
    await restore(rehearsing.copy, inScratch(rehearsing), ['pre-data', 'data']),
  );

/** Indexes, constraints, triggers, and materialised views, which are computed anew. */
const index = async (rehearsing: Rehearsing): Promise<Evidence[]> =>
  ended(
    'Exit code of pg_restore, indexes',
    await restore(rehearsing.copy, inScratch(rehearsing), ['post-data']),
  );

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

function ended(what: string, run: ToolResult): Evidence[] {
  const code = fact(what, '0', String(run.code ?? 'ended by a signal'));
  if (run.problem === null) return [code];
  const short = serverIsShort(run);
  throw new Obstacle(short ?? run.problem, short === null, [code, ...logFact(run.log)]);
}

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
