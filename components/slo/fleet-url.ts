import type { FleetLine } from '@/lib/slo/fleet/lines';
import { type SortKey, sortKeys } from '@/lib/slo/fleet/order';
import { type SloWord, sloWords } from '@/lib/slo/math/word';
import { brokenWords } from './words';

/** What the list is narrowed to; no words: all. */
export type FleetFilter = { words: readonly SloWord[]; text: string };

/** Everything that the address of the list says: what is shown, in which order, and how. */
export type FleetLook = FleetFilter & {
  /** What rows are grouped by; null: not at all. */
  group: string | null;
  /** Values of the groups that are folded. */
  closed: readonly string[];
  sort: SortKey;
  show: 'table' | 'days';
};
export const everything: FleetLook = {
  words: [],
  text: '',
  group: null,
  closed: [],
  sort: 'state',
  show: 'table',
};

/** A grouping as an address writes it: a word, or `label:` and the name of a label. */
const grouping = /^(?:service|owner|window|label:[a-zA-Z_][a-zA-Z0-9_]{0,127})$/;
/** Rows without the label or owner are a group as well; an empty text would be lost in an address. */
const noValue = '(none)';
const decoded = (text: string): string[] => {
  if (text === noValue) return [''];
  try {
    return [decodeURIComponent(text)];
  } catch {
    return [];
  }
};

/** The look that an address asks for (`?state=exhausted&group=service`); rubbish is dropped. */
export function fleetLookOf(query: { get: (name: string) => string | null }): FleetLook {
  const asked = new Set((query.get('state') ?? '').split(','));
  const group = query.get('group') ?? '';
  const closed = query.get('closed');
  return {
    words: sloWords.filter((word) => asked.has(word)),
    text: query.get('text')?.trim() ?? '',
    group: grouping.test(group) ? group : null,
    closed: !grouping.test(group) || closed === null ? [] : closed.split(',').flatMap(decoded),
    sort: sortKeys.find((key) => key === query.get('sort')) ?? 'state',
    show: query.get('show') === 'days' ? 'days' : 'table',
  };
}

/** Its parts for the address; what is usual is left out there. */
export const fleetQueryParts = ({ words, text, group, closed, sort, show }: FleetLook) => ({
  state: words.join(','),
  text,
  group: group ?? '',
  closed: closed.map((value) => (value === '' ? noValue : encodeURIComponent(value))).join(','),
  sort: sort === 'state' ? '' : sort,
  show: show === 'table' ? '' : show,
});

/** The look with one word more, or without it when it was there. */
export const toggleWord = <Look extends FleetFilter>(look: Look, word: SloWord): Look => ({
  ...look,
  words: look.words.includes(word)
    ? look.words.filter((each) => each !== word)
    : sloWords.filter((each) => each === word || look.words.includes(each)),
});

/** The look with a group folded, or opened when it was. */
export const toggleClosed = (look: FleetLook, value: string): FleetLook => ({
  ...look,
  closed: look.closed.includes(value)
    ? look.closed.filter((each) => each !== value)
    : [...look.closed, value],
});

const matches = (
  {
    name,
    serviceName,
    owner,
    id,
    groups,
  }: Pick<FleetLine, 'name' | 'serviceName' | 'owner' | 'id' | 'groups'>,
  text: string,
): boolean => {
  const said = [name, serviceName, owner, id, ...groups.flatMap(({ labels }) => Object.values(labels))];
  return said.join(' ').toLowerCase().includes(text.toLowerCase());
};

type Row = Parameters<typeof matches>[0] & Pick<FleetLine, 'word'>;

/** The rows of a filter, their order kept, and the broken ones that it leaves out. */
export function narrow<R extends Row>(
  rows: readonly R[],
  filter: FleetFilter,
): { shown: R[]; hiddenBroken: R[] } {
  const isShown = (row: R) =>
    (filter.words.length === 0 || filter.words.includes(row.word)) && matches(row, filter.text);
  return {
    shown: rows.filter(isShown),
    hiddenBroken: rows.filter((row) => brokenWords.includes(row.word) && !isShown(row)),
  };
}
