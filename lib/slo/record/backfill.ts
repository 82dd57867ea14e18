import 'server-only';
import type { Asked } from './asked';
import type { Claim, Step } from './claim';
import { addGap, type Gap } from './gaps';
import { readOf } from './live';
import {
  countedFrom,
  estimatedDays,
  type Piece,
  type PieceLength,
  type Problem,
  problemOf,
  readPiece,
  readWell,
} from './pieces';
import type { Read } from './write';

const day = 86_400;

/** The part of a claim that a backfill moves. */
export type Backfill = Pick<
  Claim,
  'definitionId' | 'liveFrom' | 'backfillUntil' | 'backfilledFrom' | 'backfillDone' | 'gaps'
>;

export const backfillLeft = ({ backfilledFrom, liveFrom, backfillUntil }: Backfill): boolean =>
  (backfilledFrom ?? liveFrom) > backfillUntil;

/**
 * Reads the newest UTC day that is not backfilled from raw samples, or by increase() the newest seven of those that
 * are too old for it. Days without a series, such as those before the server keeps anything, become gaps. Throws
 * SourceError; then the days are read again as a whole.
 */
export async function readDays(
  asked: Asked,
  claim: Backfill,
  now: number,
  length: PieceLength,
): Promise<Step & { backfilledFrom: number; backfillDone: number }> {
  const to = claim.backfilledFrom ?? claim.liveFrom;
  const newest = Math.floor((to - 1) / day) * day;
  const oldest = newest >= countedFrom(now) ? newest : newest - (estimatedDays - 1) * day;
  const start = Math.max(claim.backfillUntil, oldest);
  const reads: Read[] = [];
  let gaps: Gap[] = claim.gaps;
  let problem: Problem | null = null;
  let said = false;
  for (let from = start; from < to; ) {
    const piece = await readPiece(asked, { from, to, now }, length, claim.definitionId);
    if (readWell(piece)) {
      said = true;
      for (const start of silentDays(piece)) gaps = addGap(gaps, start, start + day, now);
    } else gaps = addGap(gaps, piece.from, piece.to, now);
    problem = problemOf(piece) ?? problem;
    reads.push(readOf(piece, asked, to, [60, 300]));
    from = piece.to;
  }
  return {
    reads,
    gaps,
    // A day before the first sample is no problem; a warning is, and so is a hole within days. The newest reading says
    // when it is over.
    ...(problem !== null && (said || problem.reason === 'warned') ? { problem } : {}),
    backfilledFrom: start,
    backfillDone: claim.backfillDone + Math.ceil((to - start) / day),
  };
}

/** Whole UTC days of a piece of which no series said anything. */
function silentDays({ from, to, answer }: Piece): number[] {
  const heard = new Set<number>();
  for (const { buckets } of answer.groups.values()) {
    for (const end of buckets.keys()) heard.add(Math.floor((end - 1) / day) * day);
  }
  const first = Math.ceil(from / day) * day;
  const days = Array.from({ length: Math.max(0, Math.floor((to - first) / day)) }, (_, n) => first + n * day);
  return days.filter((start) => !heard.has(start));
}
