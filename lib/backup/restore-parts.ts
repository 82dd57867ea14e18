import 'server-only';
import { monotonicMs } from '@/lib/core/time';
import { fact } from './check';
import { type CheckedCopy, checkStored, logFact } from './check-file';
import type { Evidence } from './contract';
import type { ToolResult } from './run-tool';

/** Why a restore went no further, in words for people. */
export class Obstacle extends Error {
  readonly isFaultOfCopy: boolean;
  readonly evidence: Evidence[];

  constructor(sentence: string, isFaultOfCopy: boolean, evidence: Evidence[] = []) {
    super(sentence);
    this.isFaultOfCopy = isFaultOfCopy;
    this.evidence = evidence;
  }
}

export type TimeOf<Phase extends string> = { phase: Phase; seconds: number };

/** Carries out parts one after another and keeps the time of each. */
export class Parts<Phase extends string> {
  readonly ended: TimeOf<Phase>[] = [];
  readonly evidence: Evidence[] = [];
  readonly #signal: AbortSignal;
  readonly #tell: (phase: Phase, ended: readonly TimeOf<Phase>[]) => Promise<void>;
  /** What is done now, or was done last; null before the first. */
  now: Phase | null = null;

  /** `tell` is told of each part as it begins, and never throws. */
  constructor(signal: AbortSignal, tell: (phase: Phase, ended: readonly TimeOf<Phase>[]) => Promise<void>) {
    this.#signal = signal;
    this.#tell = tell;
  }

  /** Throws what the work throws, and the reason of the signal. */
  async carryOut(phase: Phase, work: () => Promise<Evidence[]>): Promise<void> {
    this.now = phase;
    await this.#tell(phase, this.ended);
    const startedMs = monotonicMs();
    const found = await work();
    this.#signal.throwIfAborted();
    this.ended.push({ phase, seconds: (monotonicMs() - startedMs) / 1000 });
    this.evidence.push(...found);
  }
}

/** The stored bytes are those that were written. Throws Obstacle. */
export async function fetchCopy(
  copy: CheckedCopy,
  { minBytes, signal }: { minBytes: number; signal: AbortSignal },
): Promise<Evidence[]> {
  const { result, sentence, evidence } = await checkStored(copy, { minBytes, before: [], signal });
  if (result === 'passed') return evidence;
  throw new Obstacle(sentence, result === 'failed', evidence);
}

/** What is first, and what is built from it: indexes, constraints, triggers, materialised views. */
export const sectionsOf = { load: ['pre-data', 'data'], index: ['post-data'] } as const;
const names = { load: 'data', index: 'indexes' } as const;

/** What a pg_restore of these sections left. `blamed` says what it was, where the copy is not to blame. Throws Obstacle. */
export function endedWell(
  part: keyof typeof sectionsOf,
  run: ToolResult,
  blamed: (run: ToolResult) => string | null,
): Evidence[] {
  const code = fact(`Exit code of pg_restore, ${names[part]}`, '0', String(run.code ?? 'ended by a signal'));
  if (run.problem === null) return [code];
  const other = blamed(run);
  throw new Obstacle(other ?? run.problem, other === null, [code, ...logFact(run.log)]);
}
