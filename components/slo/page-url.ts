import type { Span } from './chart/frame';

/** By what the groups can be ordered, worst first; without one by their state. */
export const groupSorts = ['name', 'level', 'left', 'failed', 'burn', 'gone'] as const;
export type GroupSort = (typeof groupSorts)[number];

/** What the URL of an objective's page holds; `span` in unix seconds. */
export type PageMode = 'fixed' | 'rolling';
export type PageChoice = {
  mode: PageMode;
  exclusions: 'on' | 'off';
  span?: Span | null;
  sort?: GroupSort | null;
  /** Key of the group that is seen alone. */
  group?: string | null;
};
export const usualChoice: PageChoice = {
  mode: 'fixed',
  exclusions: 'on',
  span: null,
  sort: null,
  group: null,
};

type Query = { get: (name: string) => string | null };

const unixOf = (text: string | null): number | null => {
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? null : at / 1000;
};

/** The span of a URL; half of one, or one that ends before it begins, is none. */
function spanOf(query: Query): Span | null {
  const [from, to] = [unixOf(query.get('from')), unixOf(query.get('to'))];
  return from === null || to === null || to <= from ? null : { from, to };
}

/** The choice of a URL; rubbish is the usual one. */
export const pageChoiceOf = (query: Query): PageChoice => ({
  mode: query.get('mode') === 'rolling' ? 'rolling' : 'fixed',
  exclusions: query.get('exclusions') === 'off' ? 'off' : 'on',
  span: spanOf(query),
  group: query.get('group') || null,
  sort: groupSorts.find((sort) => sort === query.get('sort')) ?? null,
});

/** `2026-11-21T06:10Z`: buckets begin at whole minutes. */
const minuteText = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 16)}Z`;

type Parts = {
  mode?: string;
  exclusions?: string;
  from?: string;
  to?: string;
  sort?: string;
  group?: string;
};

/** The group that the API is asked for, as far as there is one. */
export const groupPart = ({ group }: PageChoice): { group?: string } => (group == null ? {} : { group });

/** The query of a choice, for the URL; what is usual is left out there. */
export const pageQueryParts = ({ mode, exclusions, span, sort, group }: PageChoice): Parts => ({
  ...(mode === 'fixed' ? {} : { mode }),
  ...(exclusions === 'on' ? {} : { exclusions }),
  ...(span == null ? {} : { from: minuteText(span.from), to: minuteText(span.to) }),
  ...(sort == null ? {} : { sort }),
  ...(group == null ? {} : { group }),
});
