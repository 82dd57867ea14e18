import v8 from 'node:v8';
import { LokiError } from '../error';

/**
 * Loki runs RE2: linear time, no look-around, no back-references. Patterns that a backtracking engine could
 * blow up on go to V8's own linear engine, which this flag switches on for expressions compiled after it.
 */
v8.setFlagsFromString('--enable-experimental-regexp-engine');

const posix: Record<string, string> = {
  alpha: 'a-zA-Z',
  digit: '0-9',
  alnum: 'a-zA-Z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  punct: '!-\\/:-@\\[-`{-~',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
};

const refuse = (pattern: string, why: string): LokiError =>
  new LokiError(400, `parse error : error parsing regexp: ${why}: \`${pattern}\``);

/** Unbounded repeats, and whether one stands around another repeat or an alternation. */
export function repeatShape(source: string): { unbounded: number; nested: boolean } {
  const open: { risky: boolean }[] = [{ risky: false }];
  let unbounded = 0;
  let nested = false;
  let closed: { risky: boolean } | null = null;
  for (let at = 0; at < source.length; at += 1) {
    const rest = source.slice(at);
    const repeat = /^(?:[*+]|\{\d+,?\d*\})/.exec(rest)?.[0];
    if (repeat !== undefined) {
      const endless = !/^\{(\d+,)?\d+\}$/.test(repeat) || Number(/(\d+)\}$/.exec(repeat)?.[1]) > 8;
      if (endless) unbounded += 1;
      if (endless && closed?.risky) nested = true;
      for (const group of open) group.risky ||= endless;
      at += repeat.length - 1;
      continue;
    }
    closed = null;
    const char = source[at];
    if (char === '\\') at += 1;
    else if (char === '[') at += classLength(rest) - 1;
    else if (char === '(') open.push({ risky: false });
    else if (char === '|') for (const group of open) group.risky = true;
    else if (char === ')') closed = (open.length > 1 ? open.pop() : null) ?? null;
  }
  return { unbounded, nested };
}

function classLength(rest: string): number {
  let at = rest.startsWith('[^') ? 2 : 1;
  if (rest[at] === ']') at += 1;
  for (; at < rest.length && rest[at] !== ']'; at += 1) {
    if (rest[at] === '\\') at += 1;
    else if (rest.startsWith('[:', at)) at = rest.indexOf(':]', at) + 1;
  }
  return at + 1;
}

/** RE2 text to JavaScript text; throws 400 for what RE2 has not, and for inner flags, which this server has not. */
function translate(pattern: string): { source: string; flags: string } {
  const head = /^\(\?([ims]+)\)/.exec(pattern);
  const body = head === null ? pattern : pattern.slice(head[0].length);
  let source = '';
  for (let at = 0; at < body.length; at += 1) {
    const rest = body.slice(at);
    if (/^\(\?(?:[=!]|<[=!])/.test(rest)) throw refuse(pattern, 'invalid or unsupported Perl syntax');
    if (/^\\[1-9]/.test(rest) || rest.startsWith('\\k<')) throw refuse(pattern, 'invalid escape sequence');
    if (/^\(\?[imsU-]+[:)]/.test(rest))
      throw refuse(pattern, 'flags inside a pattern are not supported here');
    const quoted = /^\\Q([\s\S]*?)(?:\\E|$)/.exec(rest);
    if (quoted?.[1] !== undefined) {
      source += quoted[1].replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
      at += quoted[0].length - 1;
    } else if (rest.startsWith('(?P<')) {
      source += '(?<';
      at += 3;
    } else if (rest.startsWith('\\A') || rest.startsWith('\\z')) {
      source += rest[1] === 'A' ? '^' : '$';
      at += 1;
    } else if (rest[0] === '\\') {
      source += rest.slice(0, 2);
      at += 1;
    } else if (rest[0] === '[') {
      const text = rest.slice(0, classLength(rest));
      source += text.replace(/\[:(\w+):\]/g, (_, name: string) => posix[name] ?? '');
      at += text.length - 1;
    } else source += rest[0];
  }
  return { source, flags: head?.[1] ?? '' };
}

const compiled = new Map<string, (text: string) => boolean>();

/** A test for an RE2 pattern, anchored at both ends for label matchers. Throws LokiError 400. */
export function regexTest(pattern: string, anchored: boolean): (text: string) => boolean {
  const key = `${anchored ? 'a' : 'f'}${pattern}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  if (pattern.length > 10_000) throw refuse(`${pattern.slice(0, 40)}…`, 'expression too long');
  const { source, flags } = translate(pattern);
  const wrapped = anchored ? `^(?:${source})$` : source;
  const all = anchored && !flags.includes('s') ? `${flags}s` : flags;
  const exact = build(pattern, wrapped, all);
  const test = anchored ? exact : (piecewise(pattern, exact) ?? exact);
  if (compiled.size > 500) compiled.clear();
  compiled.set(key, test);
  return test;
}

/**
 * A faster test for the commonest line filter, plain texts joined by `.*`: each text is searched behind the one
 * before. Null for any other pattern. A line break, which `.` does not match, goes to the exact test.
 */
function piecewise(pattern: string, exact: (text: string) => boolean): ((text: string) => boolean) | null {
  if (!/^(?:[\w /:@#%&,;=<>"'!~`-]|\.\*)+$/.test(pattern)) return null;
  const pieces = pattern.split('.*').filter((piece) => piece !== '');
  return (text) => {
    if (text.includes('\n')) return exact(text);
    let from = 0;
    for (const piece of pieces) {
      const at = text.indexOf(piece, from);
      if (at === -1) return false;
      from = at + piece.length;
    }
    return true;
  };
}

function build(pattern: string, source: string, flags: string): (text: string) => boolean {
  let quick: RegExp;
  try {
    quick = new RegExp(source, flags);
  } catch (error) {
    throw refuse(pattern, error instanceof Error ? error.message.replace(/^.*: /, '') : 'invalid');
  }
  const shape = repeatShape(source);
  if (!shape.nested && shape.unbounded <= 3) return (text) => quick.test(text);
  try {
    const linear = new RegExp(flags.includes('i') ? bothCases(source) : source, `${flags.replace('i', '')}l`);
    return (text) => linear.test(text);
  } catch {
    throw refuse(pattern, 'too many nested repeats to be evaluated in linear time');
  }
}

/** The linear engine knows no case-insensitive mode, so each letter becomes a class of its two cases. */
function bothCases(source: string): string {
  return source.replace(/\\.|\[\^?\]?(?:\\.|[^\]])*\]|\(\?<\w+>|[a-zA-Z]/g, (part) => {
    if (part.length === 1) return `[${part.toLowerCase()}${part.toUpperCase()}]`;
    if (!part.startsWith('[')) return part;
    const inner = part.slice(1, -1).replace(/\\./g, '');
    const more = [...inner.matchAll(/[a-zA-Z]-[a-zA-Z]|[a-zA-Z]/g)].map(([range]) =>
      range === range.toLowerCase() ? range.toUpperCase() : range.toLowerCase(),
    );
    return `${part.slice(0, -1)}${more.join('')}]`;
  });
}
