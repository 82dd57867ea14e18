import 'server-only';
import type { Asked } from './asked';
import type { Claim, Step } from './claim';
import { settledAt } from './definitions';
import { addGap, type Gap, joinGaps, triedAgain, withoutSpan } from './gaps';
import {
  type Piece,
  type PieceLength,
  type Problem,
  problemOf,
  problemOfError,
  readPiece,
  readWell,
} from './pieces';
import { finestSize } from './read';
import type { Read } from './write';

/** An answer without a series is asked for with every tick for so long; later the span becomes a gap. */
const patience = 3600;
/** Queries of one tick at most, so that one definition that lags does not hold up the others. */
const mostPieces = 24;
const mostRetries = 8;

const floor = (at: number, size: number): number => Math.floor(at / size) * size;

/** What a piece brought, as it is to be kept; buckets that end after `finalUntil` stay provisional. */
export function readOf(piece: Piece, asked: Asked, finalUntil: number, sizes: readonly (60 | 300)[]): Read {
  const finest = finestSize(asked.indicator);
  const size = piece.method === 'estimated' && asked.indicator.kind !== 'probe' ? 300 : finest;
  return {
    groups: piece.answer.groups,
    size,
    sizes: sizes.filter((wanted) => wanted >= size),
    method: asked.indicator.kind === 'native' ? 'estimated' : piece.method,
    finalUntil: readWell(piece) ? finalUntil : Number.NEGATIVE_INFINITY,
  };
}

type Live = { asked: Asked; claim: Claim; now: number; length: PieceLength };

/**
 * Reads everything after what is final, up to now: in a steady state the newest ten minutes and what came since.
 * After an outage it goes on where the last good answer ended, so that no hole is left. Nothing is final before it is
 * ten minutes old, nor when the answer was empty or had a warning. A SourceError ends the step with what was read.
 */
export async function readLive(live: Live): Promise<Step> {
  const { asked, claim, now, length } = live;
  const settled = settledAt(now);
  const reads: Read[] = [];
  let [gaps, final, from]: [Gap[], number, number] = [claim.gaps, claim.finalUntil, claim.finalUntil];
  let problem: Problem | null = null;
  let waiting = false;
  let failure: unknown;
  // Coarse buckets are written when one was completed since the last tick.
  const completed = floor(now, 300) > floor(claim.recordedUntil ?? 0, 300);
  for (let pieces = 0; from < Math.floor(now) && pieces < mostPieces; pieces += 1) {
    let piece: Piece;
    try {
      piece = await readPiece(asked, { from, to: Math.floor(now), now }, length, claim.definitionId);
    } catch (error) {
      failure = error;
      break;
    }
    const sizes = completed || piece.to <= settled ? ([60, 300] as const) : ([60] as const);
    reads.push(readOf(piece, asked, settled, finestSize(asked.indicator) === 300 ? [300] : sizes));
    problem = problemOf(piece) ?? problem;
    if (readWell(piece)) {
      if (!waiting) final = Math.max(final, Math.min(piece.to, settled));
    } else {
      const lost = Math.min(piece.to, floor(now - patience, 300));
      if (lost > piece.from) {
        gaps = addGap(gaps, piece.from, lost, now);
        if (!waiting) final = lost;
      }
      if (lost < piece.to) waiting = true;
    }
    from = piece.to;
  }
  if (reads.length === 0 && failure !== undefined) throw failure;
  // A gap that cannot be read now is no reason to lose what was.
  const retried =
    failure === undefined
      ? await retryGaps(live, gaps).catch((error: unknown) => {
          failure = error;
          return { gaps, reads: [] };
        })
      : { gaps, reads: [] };
  return {
    reads: [...reads, ...retried.reads],
    gaps: retried.gaps,
    problem: failure === undefined ? problem : problemOfError(failure),
    finalUntil: final,
    recordedUntil: from,
  };
}

/** Asks for the gaps that are due. */
async function retryGaps(live: Live, given: readonly Gap[]): Promise<{ gaps: Gap[]; reads: Read[] }> {
  const { asked, claim, now, length } = live;
  const reads: Read[] = [];
  let gaps = [...given];
  let left = mostRetries;
  for (const gap of given.filter(({ next }) => next <= now)) {
    let from = gap.from;
    while (from < gap.to && left > 0) {
      left -= 1;
      const piece = await readPiece(asked, { from, to: gap.to, now }, length, claim.definitionId);
      gaps = withoutSpan(gaps, piece.from, piece.to);
      if (!readWell(piece)) {
        const again = triedAgain({ ...gap, from: piece.from, to: piece.to }, now);
        if (again !== null) gaps = [...gaps, again];
      }
      reads.push(readOf(piece, asked, piece.to, [60, 300]));
      from = piece.to;
    }
  }
  return { gaps: joinGaps(gaps), reads };
}
