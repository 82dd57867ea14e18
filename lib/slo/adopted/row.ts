import { createHash } from 'node:crypto';
import type { AdoptedGroup, Figure } from '../define/adopt-group';
import { labelText } from '../define/adopt-group';
import type { Found } from '../define/read-adopted';
import type { AdoptedFigure, AdoptedPart, AdoptedRow } from './contract';
import type { KeptAdopted, SourceRead } from './store';
import { methodWords, standingOf, toolNames, whyNone, windowWords } from './words';

/** Names an adopted objective in a URL: keys of the tools may hold any text. */
export const adoptedId = (source: string, { tool, key }: Pick<Found, 'tool' | 'key'>): string =>
  createHash('sha256')
    .update(JSON.stringify([source, tool, key]))
    .digest('hex')
    .slice(0, 16);

/** The group that stands worst: the smallest budget; without budgets the highest share of failures. */
export function worstOf(groups: readonly AdoptedGroup[]): AdoptedGroup {
  const order = (of: (group: AdoptedGroup) => Figure, sign: 1 | -1) => (a: AdoptedGroup, b: AdoptedGroup) =>
    sign * ((of(a).value ?? sign * Number.MAX_VALUE) - (of(b).value ?? sign * Number.MAX_VALUE));
  const byRatio = order(({ ratio }) => ratio, -1);
  const byBudget = order(({ budgetLeft }) => budgetLeft, 1);
  const [worst] = groups.toSorted((a, b) => byBudget(a, b) || byRatio(a, b));
  const none = { value: null, none: 'absent' } as const;
  return worst ?? { labels: {}, ratio: none, budgetLeft: none };
}

function partOf(found: Found, { labels, ratio, budgetLeft }: AdoptedGroup): AdoptedPart {
  const own = Object.entries(labels).filter(([name, value]) => found.labels[name] !== value);
  const figure = (of: Figure, kind: 'ratio' | 'budget'): AdoptedFigure => ({
    value: of.value,
    why: of.none === null ? null : whyNone(of.none, kind, found.tool),
  });
  const budget = found.objective === null ? null : 1 - Number(found.objective) / 100;
  const share = figure(ratio, 'ratio');
  return {
    labels: Object.fromEntries(own),
    ratio: share,
    burn:
      share.value === null
        ? share
        : budget === null
          ? { value: null, why: 'its objective is not known' }
          : { value: share.value / budget, why: null },
    budgetLeft: figure(budgetLeft, 'budget'),
  };
}

/** What to know of the figures of a row before they are believed. */
function notesOf({ found, before, changedAt }: KeptAdopted, now: Date): string[] {
  const name = toolNames[found.tool];
  const windowMs = (found.windowSeconds ?? 0) * 1000;
  const recently = changedAt !== null && now.getTime() - changedAt.getTime() < windowMs;
  const was = [
    before?.objective === null || before === null ? null : `${before.objective} %`,
    windowWords(before?.windowSeconds ?? null),
  ]
    .filter((part) => part !== null)
    .join(' over ');
  return [
    ...(recently && was !== ''
      ? [
          `It was ${was} until ${changedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC; ${name} judges the whole window by what it is now.`,
        ]
      : []),
    ...(found.copies > 1
      ? [`${found.copies} copies of its rules record it; of each figure the worse is shown.`]
      : []),
    ...(found.problem === null || found.objective === null ? [] : [found.problem]),
    ...found.rules.flatMap(({ name: rule, failure }) =>
      failure === null ? [] : [`Prometheus cannot evaluate ${rule}: ${failure}`],
    ),
  ];
}

export function rowOf(one: KeptAdopted, read: SourceRead | undefined, now: Date): AdoptedRow {
  const { found, source, seenAt } = one;
  const isGone = read?.readAt != null && seenAt < read.readAt;
  const worst = worstOf(found.groups);
  return {
    id: adoptedId(source, found),
    tool: found.tool,
    toolName: toolNames[found.tool],
    name: found.name,
    service: found.service,
    labels: found.labels,
    objective: found.objective,
    windowSeconds: found.windowSeconds,
    windowWords: windowWords(found.windowSeconds),
    method: methodWords[found.tool],
    source,
    ...standingOf({ found, isGone, ageSeconds: (now.getTime() - seenAt.getTime()) / 1000 }, worst),
    worst: partOf(found, worst),
    groups: found.groups
      .toSorted((a, b) => (labelText(a.labels) < labelText(b.labels) ? -1 : 1))
      .map((group) => partOf(found, group)),
    copies: found.copies,
    seenAt: seenAt.toISOString(),
    notes: notesOf(one, now),
  };
}
