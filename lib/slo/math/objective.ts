import type { Counts } from '../model';

/**
 * An objective, read from decimal text. All of it is derived on whole numbers: 99.95 gives a budget of 0.0005 and
 * not 0.0004999999999999449.
 */
export type Objective = {
  /** Per cent, as written. */
  text: string;
  /** T, 0 to 1. */
  target: number;
  /** 1 - T, above 0 and below 1. */
  budget: number;
  /** `failures` of `per` events may fail: reduced whole numbers, such as 1 of 2000 for 99.95. */
  failures: number;
  per: number;
};

/** How many of how many events may fail. */
type Share = Pick<Objective, 'failures' | 'per'>;

/** 100 x 10^10 is far below 2^53, so all that follows stays a whole number that a double holds. */
const mostDecimals = 10;

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** Reads an objective such as `99.95`; what is wrong with it is a sentence. */
export function parseObjective(text: string): { objective: Objective } | { problem: string } {
  const match = /^(\d{1,3})(?:\.(\d+))?$/.exec(text);
  if (match === null) return { problem: `"${text}" is no objective. Write per cent such as 99.95.` };
  const [, whole = '', fraction = ''] = match;
  if (fraction.length > mostDecimals) {
    return { problem: `"${text}" has more than ${mostDecimals} decimals.` };
  }
  const scale = 100 * 10 ** fraction.length;
  const good = Number(`${whole}${fraction}`);
  if (good >= scale) {
    return {
      problem: `An objective of ${text} % leaves no failure to spend: every burn rate would be divided by 0. Use less than 100.`,
    };
  }
  if (good === 0) return { problem: 'An objective of 0 % is always met. Use more than 0.' };
  const common = divisor(scale, scale - good);
  return {
    objective: {
      text,
      target: good / scale,
      budget: (scale - good) / scale,
      failures: (scale - good) / common,
      per: scale / common,
    },
  };
}

/** As parseObjective, for text that the configuration has checked. Throws RangeError. */
export function objectiveOf(text: string): Objective {
  const parsed = parseObjective(text);
  if ('problem' in parsed) throw new RangeError(parsed.problem);
  return parsed.objective;
}

/** The error budget 1 - T of an objective in per cent. Throws RangeError for text that is none. */
export const budgetRatio = (text: string): number => objectiveOf(text).budget;

/** Failures that `total` events may hold: (1 - T) x N. One division of whole numbers, so no error is carried. */
export const allowedFailures = ({ failures, per }: Share, total: number): number => (total * failures) / per;

/** Whether the SLI reaches the objective; exactly at the objective it does. Counts must be valid and above 0. */
export const isMet = ({ failures, per }: Share, { bad, total }: Counts): boolean =>
  bad * per <= total * failures;
