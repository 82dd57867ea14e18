import Anser from 'anser';

/** A run of a log line with one look. `mark` is a stand-in for a character that must not act. */
export type LinePart = {
  text: string;
  mark: boolean;
  color: 'crit' | 'warn' | 'ok' | 'info' | 'hold' | 'quiet' | null;
  bold: boolean;
};

const esc = '\u001b';
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
const sgr = /\u001b\[[0-9;]{0,40}m/g;

const names: Record<number, string> = {
  173: 'SHY',
  1564: 'ALM',
  6158: 'MVS',
  8203: 'ZWSP',
  8204: 'ZWNJ',
  8205: 'ZWJ',
  8206: 'LRM',
  8207: 'RLM',
  8232: 'LS',
  8233: 'PS',
  8234: 'LRE',
  8235: 'RLE',
  8236: 'PDF',
  8237: 'LRO',
  8238: 'RLO',
  8288: 'WJ',
  8294: 'LRI',
  8295: 'RLI',
  8296: 'FSI',
  8297: 'PDI',
  65279: 'BOM',
};

/** What is shown for a character that would change how its neighbours read; null for ordinary ones. */
function standIn(code: number): string | null {
  if (code === 0x09) return null;
  if (code === 0x0a) return '↵';
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '␡';
  const name = names[code];
  if (name !== undefined) return `⟨${name}⟩`;
  const hidden =
    (code >= 0x80 && code < 0xa0) ||
    (code >= 0xe0000 && code <= 0xe007f) ||
    (code >= 0xfff9 && code <= 0xfffb) ||
    (code >= 0xd800 && code <= 0xdfff);
  return hidden ? `⟨${code.toString(16).toUpperCase().padStart(4, '0')}⟩` : null;
}

/** Escape sequences that only colour text are kept; every other escape character becomes a glyph. */
function onlyColours(line: string): string {
  let kept = '';
  let from = 0;
  for (const match of line.matchAll(sgr)) {
    kept += `${line.slice(from, match.index).replaceAll(esc, '␛')}${match[0]}`;
    from = match.index + match[0].length;
  }
  return kept + line.slice(from).replaceAll(esc, '␛');
}

/** Terminal colours as meanings; background and "hidden" are dropped, because they can hide text. */
const colours: { pattern: RegExp; color: NonNullable<LinePart['color']> }[] = [
  { pattern: /^ansi-(bright-)?red/, color: 'crit' },
  { pattern: /^ansi-(bright-)?yellow/, color: 'warn' },
  { pattern: /^ansi-(bright-)?green/, color: 'ok' },
  { pattern: /^ansi-(bright-)?(blue|cyan)/, color: 'info' },
  { pattern: /^ansi-(bright-)?magenta/, color: 'hold' },
];

function split(text: string, look: Pick<LinePart, 'color' | 'bold'>, into: LinePart[]): void {
  let plain = '';
  const flush = () => {
    if (plain !== '') into.push({ text: plain, mark: false, ...look });
    plain = '';
  };
  for (const character of text) {
    const shown = standIn(character.codePointAt(0) ?? 0);
    if (shown === null) {
      plain += character;
    } else {
      flush();
      into.push({ text: shown, mark: true, ...look });
    }
  }
  flush();
}

const unusual = /[^\t -~]/;

/**
 * A log line as runs of harmless text: colours become meanings, control, bidirectional and invisible
 * characters become glyphs that can be seen. The text is data; nothing of it is ever markup.
 */
export function lineParts(line: string): LinePart[] {
  const parts: LinePart[] = [];
  if (line === '') return parts;
  if (!unusual.test(line)) return [{ text: line, mark: false, color: null, bold: false }];
  if (!line.includes(esc)) {
    split(line, { color: null, bold: false }, parts);
    return parts;
  }
  for (const run of Anser.ansiToJson(onlyColours(line), {
    json: true,
    remove_empty: true,
    use_classes: true,
  })) {
    const dim = run.decorations.includes('dim');
    const found = colours.find(({ pattern }) => pattern.test(run.fg ?? ''))?.color ?? null;
    split(
      run.content,
      { color: found ?? (dim ? 'quiet' : null), bold: run.decorations.includes('bold') },
      parts,
    );
  }
  return parts;
}

/** The same as one plain string, for names, titles and the clipboard of a single row. */
export const plainLine = (line: string): string =>
  lineParts(line)
    .map((part) => part.text)
    .join('');

/** Cuts a run at each place where `search` stands (case does not matter), for highlighting. */
export function highlight(text: string, search: string): { text: string; hit: boolean }[] {
  const wanted = search.trim().toLowerCase();
  const low = text.toLowerCase();
  // Lower-casing can change the length of a text; then the places would not fit.
  if (wanted === '' || low.length !== text.length) return [{ text, hit: false }];
  const cuts: { text: string; hit: boolean }[] = [];
  let from = 0;
  for (let at = low.indexOf(wanted); at !== -1; at = low.indexOf(wanted, from)) {
    if (at > from) cuts.push({ text: text.slice(from, at), hit: false });
    cuts.push({ text: text.slice(at, at + wanted.length), hit: true });
    from = at + wanted.length;
  }
  if (from < text.length) cuts.push({ text: text.slice(from), hit: false });
  return cuts;
}
