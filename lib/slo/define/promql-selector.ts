import type { Matcher, Series } from '@/lib/config/service';

/** What a query of another tool counts: one series, and the labels it was summed by (null without a sum). */
export type ReadSelector = { series: Series; groupBy: string[] | null };

const escapes: Record<string, string> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** Reads from the front of a text; every method gives null, and leaves the place, where something else stands. */
class Reader {
  #text: string;
  #at = 0;
  constructor(text: string) {
    this.#text = text;
  }

  match(pattern: RegExp): string | null {
    const sticky = new RegExp(`\\s*(?:${pattern.source})`, 'y');
    sticky.lastIndex = this.#at;
    const [found] = sticky.exec(this.#text) ?? [];
    if (found === undefined) return null;
    this.#at = sticky.lastIndex;
    return found.trim();
  }

  get isAtEnd(): boolean {
    return this.#text.slice(this.#at).trim() === '';
  }

  /** A string of PromQL: Go's escapes in quotes and double quotes, none between backticks. */
  string(): string | null {
    const raw = this.match(/`[^`]*`/);
    if (raw !== null) return raw.slice(1, -1);
    const literal = this.match(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/);
    return literal === null ? null : readEscapes(literal.slice(1, -1));
  }
}

/** Null for an escape that Go does not know, and for bytes that are no text. Bytes of `\x` and octal escapes are read as UTF-8 together. */
function readEscapes(text: string): string | null {
  const pattern = /\\(?:x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([abfnrtv\\'"]))/y;
  const bytes: number[] = [];
  const add = (part: string) => bytes.push(...new TextEncoder().encode(part));
  for (let at = 0; at < text.length; ) {
    const char = text.codePointAt(at) ?? 0;
    if (char !== 0x5c) {
      add(String.fromCodePoint(char));
      at += char > 0xffff ? 2 : 1;
      continue;
    }
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) return null;
    const [, hex, octal, short, long, letter] = found;
    const point = Number.parseInt(short ?? long ?? '0', 16);
    if (point > 0x10ffff) return null;
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else add(letter === undefined ? String.fromCodePoint(point) : (escapes[letter] ?? ''));
    at = pattern.lastIndex;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}

const labelName = /[A-Za-z_][A-Za-z0-9_]*/;

function readMatchers(reader: Reader): Matcher[] | null {
  const matchers: Matcher[] = [];
  if (reader.match(/\{/) === null) return matchers;
  while (reader.match(/\}/) === null) {
    const label = reader.match(labelName);
    const op = reader.match(/=~|!~|!=|=/);
    const value = op === null ? null : reader.string();
    if (label === null || value === null) return null;
    if (op !== '=' && op !== '!=' && op !== '=~' && op !== '!~') return null;
    matchers.push({ label, op, value });
    if (reader.match(/,/) === null && reader.match(/(?=\})/) === null) return null;
  }
  return matchers;
}

function readSeries(reader: Reader): Series | null {
  const metric = reader.match(/[A-Za-z_:][A-Za-z0-9_:]*/);
  const matchers = readMatchers(reader);
  if (matchers === null) return null;
  if (metric !== null) return { metric, matchers };
  const named = matchers.filter(({ label, op }) => label === '__name__' && op === '=');
  const [name] = named;
  if (named.length !== 1 || name === undefined || !/^[A-Za-z_:][A-Za-z0-9_:]*$/.test(name.value)) return null;
  return { metric: name.value, matchers: matchers.filter((matcher) => matcher !== name) };
}

function readLabels(reader: Reader): string[] | null {
  const labels: string[] = [];
  if (reader.match(/\(/) === null) return null;
  while (reader.match(/\)/) === null) {
    const label = reader.match(labelName);
    if (label === null) return null;
    labels.push(label);
    if (reader.match(/,/) === null && reader.match(/(?=\))/) === null) return null;
  }
  return labels;
}

/** `rate(x[5m])`, `increase(x[5m])` or the selector itself: all of them count the same events. */
function readCounted(reader: Reader): Series | null {
  if (reader.match(/(?:rate|increase)\s*\(/) === null) return readSeries(reader);
  const series = readSeries(reader);
  // Templates of other tools stand for a range of their choosing.
  const range = reader.match(/\[(?:[0-9a-zA-Z]+|\{\{[^{}]*\}\}|\$[A-Za-z_]+)\]/);
  return series !== null && range !== null && reader.match(/\)/) !== null ? series : null;
}

/**
 * Reads a PromQL query that counts the events of one series: a selector, by itself or in `rate` or `increase`,
 * and in `sum` with or without `by`. Null for every other query, which cannot be taken over as it is.
 */
export function readSelector(query: string): ReadSelector | null {
  const reader = new Reader(query);
  let groupBy: string[] | null = null;
  const isSum = reader.match(/sum(?=[\s(])/) !== null;
  if (isSum) {
    groupBy = reader.match(/by(?=[\s(])/) === null ? [] : readLabels(reader);
    if (groupBy === null || reader.match(/\(/) === null) return null;
  }
  const series = readCounted(reader);
  if (series === null || (isSum && reader.match(/\)/) === null)) return null;
  if (isSum && groupBy?.length === 0 && reader.match(/by(?=[\s(])/) !== null) {
    groupBy = readLabels(reader);
    if (groupBy === null) return null;
  }
  return reader.isAtEnd ? { series, groupBy } : null;
}
