import { formatDuration } from '@/lib/core/duration';
import type { Adopted, AdoptedTool } from '../define/adopt';
import type { AdoptedGroup, Figure, NoFigure } from '../define/adopt-group';
import type { SloWord } from '../math/word';

export const toolNames: Record<AdoptedTool, string> = { sloth: 'Sloth', pyrra: 'Pyrra' };

/** How the figures are made; what it leaves out is said with it (slo.md 1.5, 1.7). */
export const methodWords: Record<AdoptedTool, string> = {
  sloth:
    "mean of 5-minute ratios, by Sloth's rules: a quiet five minutes weighs as much as a busy one, so this is not the share of requests that failed",
  pyrra:
    "increase() over the whole window, by Pyrra's rules: extrapolated, and without the first count of a new series",
};

const percent = (ratio: number): string => `${Number((ratio * 100).toPrecision(3))} %`;

/** Why a figure is not there. A figure that is missing is never 0 or 100 %. */
export function whyNone(none: NoFigure, of: 'ratio' | 'budget', tool: AdoptedTool): string {
  const name = toolNames[tool];
  switch (none) {
    case 'absent':
      return of === 'ratio'
        ? 'its rule has given nothing for 5 minutes'
        : `${name} does not record what is left of its budget`;
    case 'not-a-number':
      return of === 'ratio'
        ? `${name} records NaN`
        : `${name} records NaN: one 0/0 in the window makes all of it unknown`;
    case 'no-traffic':
      return 'no requests in the last 5 minutes: 0/0 is neither 0 nor 100 %';
    case 'impossible':
      return of === 'ratio'
        ? `${name} records a share below 0 or above 100 %`
        : `${name} records more than a whole budget`;
    default:
      return none satisfies never;
  }
}

export type Standing = { word: SloWord; sentence: string };
type Known = { found: Adopted; isGone: boolean; ageSeconds: number };

/** Older figures say nothing about now; a server would not show such samples either (its look-back). */
const oldSeconds = 300;

const firstOf = (groups: readonly AdoptedGroup[], none: NoFigure, of: (group: AdoptedGroup) => Figure) =>
  groups.some((group) => of(group).none === none);

/**
 * The word for an adopted objective. It burns when the tool's own alert fires, since five minutes say too little; then
 * comes what cannot be judged, so that no broken one looks healthy.
 */
export function standingOf({ found, isGone, ageSeconds }: Known, worst: AdoptedGroup): Standing {
  const { tool, groups, alert } = found;
  const name = toolNames[tool];
  if (isGone) {
    return { word: 'no-data', sentence: `${name} no longer records it; these are its last figures.` };
  }
  if (ageSeconds > oldSeconds) {
    return {
      word: 'no-data',
      sentence: `Its figures are ${formatDuration(ageSeconds)} old: nothing is known about now.`,
    };
  }
  if (alert === 'page') return { word: 'burning-fast', sentence: `The page alert of ${name} fires.` };
  if (alert === 'ticket') return { word: 'burning-slow', sentence: `The ticket alert of ${name} fires.` };
  const odd = [
    firstOf(groups, 'impossible', ({ ratio }) => ratio) ? whyNone('impossible', 'ratio', tool) : null,
    firstOf(groups, 'impossible', ({ budgetLeft }) => budgetLeft)
      ? whyNone('impossible', 'budget', tool)
      : null,
  ].find((said) => said !== null);
  if (odd !== undefined) return { word: 'invalid', sentence: `${sentenceOf(odd)}.` };
  if (found.objective === null && found.problem !== null) {
    // Nothing that is told is a lack; what is told and cannot be is a mistake.
    return { word: found.windowSeconds === null ? 'partial' : 'invalid', sentence: found.problem };
  }
  if (groups.every(({ ratio }) => ratio.none === 'absent')) {
    return { word: 'no-data', sentence: `${sentenceOf(whyNone('absent', 'ratio', tool))}.` };
  }
  const left = worst.budgetLeft;
  if (left.value !== null && left.value <= 0) {
    return { word: 'exhausted', sentence: `By ${name} its budget is spent.` };
  }
  if (left.none !== null)
    return { word: 'partial', sentence: `${sentenceOf(whyNone(left.none, 'budget', tool))}.` };
  const unread = groups.filter(({ ratio }) => ratio.none === 'absent').length;
  if (unread > 0) {
    return {
      word: 'partial',
      sentence: `${unread} of its ${groups.length} groups have given nothing for 5 minutes.`,
    };
  }
  if (worst.ratio.none === 'no-traffic' && groups.every(({ ratio }) => ratio.none === 'no-traffic')) {
    return { word: 'no-traffic', sentence: `${sentenceOf(whyNone('no-traffic', 'ratio', tool))}.` };
  }
  return {
    word: 'healthy',
    sentence: `${percent(left.value)} of its budget is left, and no alert of ${name} fires.`,
  };
}

const sentenceOf = (said: string): string => `${said.charAt(0).toUpperCase()}${said.slice(1)}`;

export const windowWords = (seconds: number | null): string | null =>
  seconds === null ? null : formatDuration(seconds);
