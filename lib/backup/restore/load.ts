import 'server-only';
import { messageOf } from '@/lib/core/errors';
import { fact, judged } from '../check';
import type { CheckedCopy } from '../check-file';
import { compareRestored, type RestoreManner, restore } from '../check-restore';
import type { Target } from '../connection';
import type { Evidence } from '../contract';
import { endedWell, fetchCopy, Obstacle, Parts, sectionsOf, type TimeOf } from '../restore-parts';
import { redact, type ToolResult } from '../run-tool';
import type { Tools } from '../tools';
import { lookForDamageInPlace } from './look-for-damage';
import type { LoadPhase } from './model';
import { type Into, requireEmpty, requireSame } from './require-empty';

/** What a load needs: a copy, and the empty database that a change made for it. */
export type Loading = {
  copy: CheckedCopy;
  minBytes: number;
  target: Target;
  oid: number;
  /** As its sessions are named at the server, so that those of a dead worker can be ended. */
  appName: string;
  tools: Tools;
  timeoutSeconds: number;
  signal: AbortSignal;
  /** Told as it goes on; never throws. */
  tell: (phase: LoadPhase, ended: readonly TimeOf<LoadPhase>[]) => Promise<void>;
};

export type Loaded = {
  phases: TimeOf<LoadPhase>[];
  /** Where it ended; null when it is loaded and right, or nothing was begun. */
  failedIn: LoadPhase | null;
  obstacle: Obstacle | null;
  evidence: Evidence[];
};

/**
 * Owners and rights are those of the copy: what is loaded is to be used. A subscription would fetch a second time what
 * the one of the old database fetches, with the same slot; a person makes it anew where it is wanted.
 */
const manner = (appName: string): RestoreManner => ({ leaveOut: ['--no-subscriptions'], appName });

/**
 * Loads a copy into a database that is there, empty and the one that is meant, and holds it to the catalog of the copy.
 * It neither makes nor drops a database: what is left of a load that failed is for the change. Throws the reason of the
 * signal.
 */
export async function load(loading: Loading): Promise<Loaded> {
  const { copy, signal, tell } = loading;
  const into: Into = loading;
  const parts = new Parts<LoadPhase>(signal, tell);
  let obstacle: Obstacle | null = null;
  try {
    // Also before the bytes are read, which may take long: the change hears of it at once.
    await requireEmpty(into);
    await parts.carryOut('fetch', () => fetchCopy(copy, loading));
    await parts.carryOut('load', async () => [
      ...(await requireEmpty(into)),
      ...(await run(loading, 'load')),
    ]);
    await parts.carryOut('index', () => run(loading, 'index'));
    await parts.carryOut('checks', () => look(loading));
    await requireSame(into);
  } catch (error) {
    obstacle = asObstacle(error, loading);
  }
  signal.throwIfAborted();
  return {
    phases: parts.ended,
    failedIn: obstacle === null ? null : parts.now,
    obstacle,
    evidence: [...parts.evidence, ...(obstacle?.evidence ?? [])],
  };
}

const asObstacle = (error: unknown, { target }: Loading): Obstacle =>
  error instanceof Obstacle
    ? error
    : new Obstacle(`The server cannot be used: ${redact(messageOf(error), [target.password])}.`, false);

const run = async (loading: Loading, part: keyof typeof sectionsOf): Promise<Evidence[]> =>
  endedWell(
    part,
    await restore(loading.copy, loading, sectionsOf[part], manner(loading.appName)),
    blamedOnServer,
  );

/** What pg_restore says of a file that it cannot read. */
const blamesFile =
  /could not read from input file|unexpected end of file|could not (?:un|de)compress|corrupt|did not find magic string|unsupported version|invalid compress/;

/** What pg_restore and the server say, and what a person makes of it, in this order. */
const known: [RegExp, (found: RegExpExecArray) => string][] = [
  [
    /No space left on device|Disk quota exceeded/,
    () => 'The server has no room left for the data of the copy.',
  ],
  [
    /extension "([^"]+)" is not available/,
    ([, name]) => `The server does not have the extension ${name}, which the copy needs.`,
  ],
  [
    /role "([^"]+)" does not exist/,
    ([, name]) =>
      `The server has no account ${name}, to whom something in the copy belongs: accounts are in no copy.`,
  ],
  [
    /tablespace "([^"]+)" does not exist/,
    ([, name]) => `The server has no tablespace ${name}, in which something of the copy lies.`,
  ],
  [
    /ERROR: +((?:permission denied|must be)[^\n]{0,200})/,
    ([, what]) => `The account that restores lacks a right: ${what}.`,
  ],
  [/terminating connection|server closed the connection/, () => 'The server ended the session of the load.'],
  [/Connection refused|could not connect|Connection timed out/, () => 'The server cannot be reached.'],
];

/** Null where the file is to blame: owners and rights, which a drill leaves out, can stand in the way of a good copy. */
export function blamedOnServer({ isDecided, log, problem }: ToolResult): string | null {
  if (!isDecided) return problem;
  for (const [pattern, sentence] of known) {
    const found = pattern.exec(log);
    if (found !== null) return sentence(found);
  }
  return blamesFile.test(log) ? null : problem;
}

async function look(loading: Loading): Promise<Evidence[]> {
  const compared = await compareRestored(loading.copy.catalog, loading);
  const isRight = compared.every((one) => one.isRight !== false);
  const looked = isRight ? await lookForDamageInPlace(loading) : { unknown: null, evidence: [] };
  const evidence = [...compared, ...looked.evidence];
  if (looked.unknown !== null) throw new Obstacle(looked.unknown, false, evidence);
  const base = { level: 4, tool: '', toolVersion: '', evidence, seconds: 0 } as const;
  const { result, sentence } = judged(base, '');
  if (result === 'failed') throw new Obstacle(sentence, true, evidence);
  return [...evidence, fact('Tables that were counted', null, String(loading.copy.catalog.rows.length))];
}
