import type { Labels, VectorSeries } from '@/lib/sources/prometheus/client';
import { type AdoptedGroup, labelText, replicaOf, withoutReplica } from './adopt-group';
import { plainDecimal } from './decimal';

/**
 * Objectives that Sloth or Pyrra already record in a Prometheus, taken over without configuration. Their figures
 * are made in other ways than ours, so each carries its method (slo.md 1.5, 1.8).
 */
export const adoptedTools = ['sloth', 'pyrra'] as const;
export type AdoptedTool = (typeof adoptedTools)[number];
export const adoptedMethods = ['mean-of-ratios', 'increase'] as const;
export type AdoptedMethod = (typeof adoptedMethods)[number];

export type Adopted = {
  tool: AdoptedTool;
  /** Unique among those of its tool. */
  key: string;
  name: string;
  service: string | null;
  /** Labels that its owner gave it. */
  labels: Labels;
  /** Per cent, as decimal text; null with a problem. */
  objective: string | null;
  windowSeconds: number | null;
  method: AdoptedMethod;
  /** At least one where anything is recorded of it. */
  groups: AdoptedGroup[];
  /** Copies of its rules, told apart by the labels of replicas. */
  copies: number;
  /** The alert of the tool that fires now. */
  alert: 'page' | 'ticket' | null;
  /** What is missing or cannot be used, in a sentence. */
  problem: string | null;
};

export const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

/** `0.9990000000000001`, as Sloth writes it, is 99.9: tools compute the ratio in binary (slo.md 1.8). */
export const percentText = (ratio: number): string => plainDecimal((ratio * 100).toFixed(6));

type Checked = { objective: string | null; problem: string | null };

/** An objective that can be used; the others are shown with the reason, never dropped. */
function checkedObjective(text: string): Checked {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || !(value > 0)) {
    return { objective: null, problem: `Its objective ${text} % cannot be used.` };
  }
  return value < 100
    ? { objective: plainDecimal(text), problem: null }
    : { objective: null, problem: `Its objective is ${text} %, which has no error budget.` };
}

/** What all rules of an objective say it is. Several at once are none: it was just changed, or its rules differ. */
export function agreedObjective(texts: readonly string[]): Checked {
  const [only, ...others] = new Set(texts.map((text) => checkedText(text)));
  if (only === undefined) return { objective: null, problem: 'Its objective is not recorded.' };
  if (others.length === 0) return checkedObjective(only);
  const all = [only, ...others].map((text) => `${text} %`).join(' and ');
  return {
    objective: null,
    problem: `Its rules say ${all} at once: it was changed in the last minutes, or two servers have different rules.`,
  };
}

const checkedText = (text: string): string => (/^\d+(\.\d+)?$/.test(text) ? plainDecimal(text) : text);

/** The window of an objective, in seconds; null where none is recorded or several are. */
export function agreedWindow(seconds: readonly (number | null)[]): number | null {
  const [only, ...others] = new Set(seconds.filter((one) => one !== null && one > 0));
  return only === undefined || only === null || others.length > 0 ? null : only;
}

export const without = (labels: Labels, names: readonly string[]): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));

export const named = (series: readonly VectorSeries[], metric: string): VectorSeries[] =>
  series.filter(({ labels }) => labels['__name__'] === metric);

/** Series by a key of theirs, in its order; those without one are left out. */
export function grouped<T extends { labels: Labels }>(
  series: readonly T[],
  keyOf: (labels: Labels) => string | null,
): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const one of series) {
    const key = keyOf(one.labels);
    if (key !== null) groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups].sort(([left], [right]) => (left < right ? -1 : 1));
}

/** Series of each copy of the rules. */
export const copiesOf = (series: readonly VectorSeries[]): VectorSeries[][] =>
  grouped(series, replicaOf).map(([, own]) => own);

/** Series of each combination of labels but those that name a rule and a copy. */
export const byLabels = (
  series: readonly VectorSeries[],
  names: readonly string[],
): { labels: Labels; own: VectorSeries[] }[] =>
  grouped(series, (labels) => labelText(without(withoutReplica(labels), names))).map(([, own]) => ({
    labels: without(withoutReplica(own[0]?.labels ?? {}), names),
    own,
  }));
