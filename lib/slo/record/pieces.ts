import 'server-only';
import { AnswerTooLarge, SourceError, toSourceError } from '@/lib/sources/source-error';
import type { Answer, Asked } from './asked';
import type { GroupCounts } from './groups';
import { readCounted, readEstimated } from './read';

const day = 86_400;
/** Days that are counted from raw samples; older ones are estimated. */
export const countedDays = 3;
/** Groups of one objective: each costs as much space as an objective of its own. */
const mostGroups = 500;
/** Samples of one answer that are aimed at: some three megabytes. */
const manySamples = 100_000;
const [shortest, usual, longest] = [300, 1800, day];
/** Days of one query by increase(): 2,016 points of a series at 5 minutes, 10,080 at one, of the 11,000 allowed. */
export const estimatedDays = 7;

/** The start of the oldest UTC day that is counted from raw samples. */
export const countedFrom = (now: number): number => Math.floor(now / day) * day - countedDays * day;

/** How long a span one query asks for, learned for each definition from the size of its answers; seconds. */
export class PieceLength {
  private readonly known = new Map<number, number>();

  of(definitionId: number): number {
    return this.known.get(definitionId) ?? usual;
  }

  /** Takes note of how many samples a span had. */
  learn(definitionId: number, seconds: number, samples: number): void {
    const fitting = (seconds * manySamples) / Math.max(1, samples);
    const length = Math.floor(Math.min(longest, fitting) / 300) * 300;
    this.known.set(definitionId, Math.max(shortest, length));
  }

  /** Half of it; false when it cannot be shorter. */
  shorten(definitionId: number): boolean {
    const half = Math.floor(this.of(definitionId) / 2 / 300) * 300;
    this.known.set(definitionId, Math.max(shortest, half));
    return half >= shortest;
  }
}

export type Piece = { from: number; to: number; method: 'counted' | 'estimated'; answer: Answer };

/**
 * The next piece of (from, to]: at most the learned length of raw samples, or whole UTC days by increase().
 * An answer that is too large is asked for again in halves. Throws SourceError.
 */
export async function readPiece(
  asked: Asked,
  span: { from: number; to: number; now: number },
  length: PieceLength,
  definitionId: number,
): Promise<Piece> {
  const { from } = span;
  const horizon = countedFrom(span.now);
  const method = from < horizon ? 'estimated' : 'counted';
  const dayStart = Math.floor(from / day) * day;
  const edge = method === 'counted' ? dayStart + day : Math.min(horizon, dayStart + estimatedDays * day);
  // No answer has more than 11,000 points of a series, raw ones neither.
  const interval = Math.min(...asked.sources.map(({ scrapeInterval }) => scrapeInterval));
  const most = Math.max(shortest, Math.floor((10_000 * interval) / 300) * 300);
  for (let divided = 1; ; divided *= 2) {
    const seconds =
      method === 'counted'
        ? Math.min(most, length.of(definitionId))
        : Math.max(shortest, Math.floor((estimatedDays * day) / divided / 300) * 300);
    const to = Math.min(span.to, from + seconds, edge);
    try {
      const answer = await (method === 'counted' ? readCounted : readEstimated)(asked, { from, to });
      checkGroups(answer.groups);
      if (method === 'counted' && !answer.empty) length.learn(definitionId, to - from, answer.samples);
      return { from, to, method, answer };
    } catch (error) {
      const shorter = method === 'counted' ? length.shorten(definitionId) : seconds > shortest;
      if (!(error instanceof AnswerTooLarge && shorter)) throw error;
    }
  }
}

function checkGroups(groups: GroupCounts): void {
  if (groups.size <= mostGroups) return;
  const message = `The objective has ${groups.size} groups and at most ${mostGroups} are recorded; group it by fewer labels.`;
  throw new SourceError('bad-response', message);
}

/** Whether an answer may be taken as final: it says something and nothing was missing. */
export const readWell = ({ answer }: Piece): boolean => !answer.empty && answer.warnings.length === 0;

export type Problem = { reason: string; message: string };

/** What was not well about an answer; null when nothing was. */
export function problemOf({ answer, from, to }: Piece): Problem | null {
  const [warning] = answer.warnings;
  if (warning !== undefined) return { reason: 'warned', message: `Prometheus warns: ${warning}` };
  if (!answer.empty) return null;
  const when = `${new Date(from * 1000).toISOString()} to ${new Date(to * 1000).toISOString()}`;
  return { reason: 'no-series', message: `Prometheus has no series of all events from ${when}.` };
}

/** What a thrown error says to a person. */
export const problemOfError = (error: unknown): Problem => {
  const { reason, message } = toSourceError(error, 'Prometheus');
  return { reason, message };
};
