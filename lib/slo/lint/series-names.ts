import type { SeriesBook } from './series-book';

/** What a name says of a series, where nothing better is known. Names with a colon are recorded: they say nothing. */
const gaugeName =
  /(_(ratio|percent|percentage|temperature_celsius|age_seconds|lag_seconds|lag|queue_(size|length|depth)|in_?flight|open_fds|max_fds)|_(resident|virtual|working_set|heap|rss|avail|available|free|used|usage)(_memory)?_bytes|_memory_(usage|rss|cache|swap|working_set)(_bytes)?)$/;

/** Things that lie somewhere, without a word for what happened to them: `dlq_items_total`, not `dlq_published_total`. */
const sizeName =
  /(^|_)(dlq|dead_?letter(s|_queue)?|queue|backlog)(_(items|messages|entries|jobs|events|size|length|depth))?(_total)?$/;

/** Items that were sent somewhere are events: `messages_sent_to_dlq_total` is a counter. */
const happened = /(^|_)(to|into|sent|[a-z]+ed)_/;

const described = /\b(size|depth|length|backlog|current(ly)?)\b/i;

export type GaugeSign = 'declared' | 'described' | 'named';

/** Why a series is taken for a gauge; null when it is not. */
export function gaugeSign(name: string, book: SeriesBook): GaugeSign | null {
  if (name.includes(':')) return null;
  const known = book.find(name);
  if (known?.kind === 'gauge') return 'declared';
  if (known !== null && known.kind !== 'untyped') return null;
  if (known !== null && described.test(known.help)) return 'described';
  return gaugeName.test(name) || (sizeName.test(name) && !happened.test(name)) ? 'named' : null;
}

/** A counter, by what is declared, else by the suffix that every client library gives it. */
export function isCounter(name: string, book: SeriesBook): boolean {
  const kind = book.find(name)?.kind ?? 'untyped';
  if (kind !== 'untyped') return kind === 'counter';
  return /[a-z0-9]_total$/.test(name) && !name.includes(':') && gaugeSign(name, book) === null;
}

/** `x_sum` and `x_count` of one family. */
export function isMeanOf(sum: string, count: string): boolean {
  return sum.endsWith('_sum') && count.endsWith('_count') && sum.slice(0, -4) === count.slice(0, -6);
}
