/** Longer than this a query is not read in a table. */
const shownLength = 240;

const identifier = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const number = /(?:0[xob][\da-f_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d+)?)/iy;
const parameter = /\$\d+/y;
const dollarTag = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;

const at = (pattern: RegExp, text: string, index: number): string | null => {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0] ?? null;
};

/** The index after a quoted text that begins at `start`; -1 where it cannot be told for sure where it ends. */
function afterString(text: string, start: number, escapes: boolean): number {
  for (let index = start + 1; index < text.length; index++) {
    if (text[index] === '\\') {
      if (escapes) index++;
      // An end or an escaped quote, by a setting of the session that is not known here.
      else if (text[index + 1] === "'") return -1;
    } else if (text[index] === "'") {
      if (text[index + 1] !== "'") return index + 1;
      index++;
    }
  }
  return -1;
}

/** The index after a comment that may hold others. */
function afterComment(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const pair = text.slice(index, index + 2);
    if (pair !== '/*' && pair !== '*/') continue;
    depth += pair === '/*' ? 1 : -1;
    index++;
    if (depth === 0) return index + 1;
  }
  return -1;
}

type Token = { text: string; end: number };

/** What follows a quote that is never closed, most often because the server cut the text, is left out. */
const cut = (text: string): Token => ({ text: '?…', end: text.length });

function tokenAt(text: string, index: number): Token {
  const here = text[index] ?? '';
  if (text.startsWith('--', index)) {
    const end = text.indexOf('\n', index);
    return { text: ' ', end: end < 0 ? text.length : end };
  }
  if (text.startsWith('/*', index)) {
    const end = afterComment(text, index);
    return { text: ' ', end: end < 0 ? text.length : end };
  }
  if (here === "'") {
    const end = afterString(text, index, false);
    return end < 0 ? cut(text) : { text: '?', end };
  }
  if (here === '"') {
    const end = text.indexOf('"', index + 1);
    return end < 0 ? { text: '…', end: text.length } : { text: text.slice(index, end + 1), end: end + 1 };
  }
  if (here === '$') {
    const known = at(parameter, text, index);
    if (known !== null) return { text: known, end: index + known.length };
    const tag = at(dollarTag, text, index);
    if (tag === null) return { text: here, end: index + 1 };
    const end = text.indexOf(tag, index + tag.length);
    return end < 0 ? cut(text) : { text: '?', end: end + tag.length };
  }
  const word = at(identifier, text, index);
  if (word !== null) return wordAt(text, index, word);
  const value = at(number, text, index);
  if (value !== null) return { text: '?', end: index + value.length };
  return { text: here, end: index + 1 };
}

/** A word, or the mark before a text: E'…' has escapes, U&"…" is a name. */
function wordAt(text: string, index: number, word: string): Token {
  const end = index + word.length;
  const isMark = /^[ebxn]$/i.test(word) && text[end] === "'";
  const isUnicode = /^u$/i.test(word) && text.startsWith("&'", end);
  if (!isMark && !isUnicode) return { text: word, end };
  const after = afterString(text, isUnicode ? end + 1 : end, /^e$/i.test(word));
  return after < 0 ? cut(text) : { text: '?', end: after };
}

/**
 * A query for people: without values, which are what customers typed, without comments, on one line, and cut. Names
 * and parameters ($1) stay. Where the end of a text is not certain everything after it is left out.
 */
export function withoutValues(query: string): string {
  let shown = '';
  for (let index = 0; index < query.length && shown.length <= shownLength * 2; ) {
    const token = tokenAt(query, index);
    shown += token.text;
    index = token.end;
  }
  const line = shown.replace(/\s+/g, ' ').trim();
  return line.length <= shownLength ? line : `${line.slice(0, shownLength - 1)}…`;
}
