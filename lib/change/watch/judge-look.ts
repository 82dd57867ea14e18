import { type Counted, chanceOfExcess } from '../analysis/fisher';
import { chanceLimit } from '../analysis/judge';
import { percent } from '../guard/verdict';
import type { Saturated } from './read-saturation';

/** Null: nothing to tell. `problem`: why it could not be read. */
export type Look = {
  version: Counted | { problem: string };
  /** The service in the hour before the change, and in the same hour of last week. */
  before: Counted | null;
  lastWeek: Counted | null;
  /** Pods of the version that restarted since the tier began. */
  restarted: number | null;
  /** What runs full there that did not before the change. */
  saturated: readonly Saturated[];
  /** How many times faster than allowed the error budget is spent, over an hour. */
  burn: number | null;
  /** A pair of burn rates that would page fires. */
  isBurning: boolean;
};

export type LookLimits = { minRequests: number; maxErrorRatio: number; maxExcessRatio: number };
export type LookVerdict = 'good' | 'bad' | 'unclear';

/** One pod may restart; two are no accident of a node. */
const restartsAllowed = 1;

/**
 * What one look after a deploy comes to (change-engine.md 2.8, 2.10): bad when the version fails more often than its
 * own limit, or than the worse of the two hours by more than is allowed and than chance explains; when pods restart;
 * when something runs full; or when the budget burns as a page would say and the version fails more often than before. Unclear without enough
 * requests to tell.
 */
export function judgeLook(look: Look, limits: LookLimits): { verdict: LookVerdict; detail: string } {
  const { version } = look;
  const restarts = look.restarted ?? 0;
  const beside = [
    ...(look.restarted === null ? [] : [restartsOf(restarts)]),
    ...look.saturated.map(saturationOf),
  ].map((text) => ` ${text}`);
  const isStrained = restarts > restartsAllowed || look.saturated.length > 0;
  if ('problem' in version) {
    return isStrained
      ? { verdict: 'bad', detail: `${beside.join('').trim()} ${version.problem}` }
      : { verdict: 'unclear', detail: `${version.problem}${beside.join('')}` };
  }
  const worse = worseOf(look.before, look.lastWeek);
  const counted = `${version.failed} of ${version.total} requests failed`;
  const ratio = version.total === 0 ? 0 : version.failed / version.total;
  const detail = `${counted}${version.total === 0 ? '' : ` (${percent(ratio)})`}; ${besides(look)}.${beside.join('')}${burnWords(look)}`;
  if (isStrained) return { verdict: 'bad', detail };
  if (version.total < limits.minRequests) {
    return { verdict: 'unclear', detail: `${detail} Too few to judge; ${limits.minRequests} are needed.` };
  }
  const worseRatio = worse === null ? null : worse.failed / worse.total;
  const excess = worseRatio === null ? 0 : ratio - worseRatio;
  const isExcess =
    worse !== null && excess > limits.maxExcessRatio && chanceOfExcess(version, worse) < chanceLimit;
  const isBurnt = look.isBurning && (worseRatio === null || excess > 0);
  const isBad = ratio > limits.maxErrorRatio || isExcess || isBurnt;
  return { verdict: isBad ? 'bad' : 'good', detail };
}

/** The one that failed more often, so that a bad hour before is no excuse for nothing, and a good one no trap. */
function worseOf(before: Counted | null, lastWeek: Counted | null): Counted | null {
  const known = [before, lastWeek].filter((one) => one !== null && one.total > 0);
  return known.reduce<Counted | null>(
    (worst, one) =>
      one !== null && (worst === null || one.failed / one.total > worst.failed / worst.total) ? one : worst,
    null,
  );
}

function besides({ before, lastWeek }: Look): string {
  const words = (name: string, one: Counted | null) =>
    one === null || one.total === 0 ? null : `${name} ${percent(one.failed / one.total)}`;
  const known = [words('the hour before', before), words('the same hour last week', lastWeek)].filter(
    (text) => text !== null,
  );
  return known.length === 0 ? 'nothing is known of before' : known.join(', ');
}

const restartsOf = (pods: number): string =>
  pods === 0 ? 'No pod restarted.' : `${pods} pod${pods === 1 ? '' : 's'} restarted.`;

const saturationOf = ({ name, region, now, before }: Saturated): string =>
  `${name} in ${region} is at ${percent(now)}${before === null ? '' : `, ${percent(before)} before`}.`;

const burnWords = ({ burn, isBurning }: Look): string =>
  burn === null
    ? ''
    : ` The error budget is spent ${burn.toFixed(1)} times as fast as allowed${isBurning ? ', which pages' : ''}.`;
