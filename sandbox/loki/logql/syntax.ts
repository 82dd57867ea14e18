import type { Tree } from '@lezer/common';
import { emptySelector, type LokiError, parseError } from '../error';

type Token = { at: number; text: string; kind: string };

const tokenPattern =
  /\s+|#[^\n]*|"(?:\\.|[^"\\\n])*"|`[^`]*`|\d+(?:\.\d+)?(?:(?:ns|us|µs|ms|[smhdwy])(?![a-zA-Z])(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|[smhdwy]))*)|\d+(?:\.\d+)?(?:[kKMGTP]i?)?B|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|[A-Za-z_][A-Za-z0-9_]*|[!=<>|]?[=~>]|[|!]=|[\s\S]/y;

function kindOf(text: string): string {
  if (/^["`]./.test(text)) return 'STRING';
  if (/^\d/.test(text))
    return /^[\d.eE+-]+$/.test(text) ? 'NUMBER' : text.endsWith('B') ? 'BYTES' : 'DURATION';
  if (/^[A-Za-z_]/.test(text)) return 'IDENTIFIER';
  return text;
}

function tokens(query: string): Token[] {
  const found: Token[] = [];
  tokenPattern.lastIndex = 0;
  for (let match = tokenPattern.exec(query); match !== null; match = tokenPattern.exec(query)) {
    const text = match[0];
    if (!/^\s|^#/.test(text)) found.push({ at: match.index, text, kind: kindOf(text) });
  }
  return found;
}

/** What upstream's parser names as expected: only inside a selector are the choices few enough to be listed. */
function expected(before: readonly Token[]): string {
  const opened = before.findLastIndex((token) => token.kind === '{');
  const closed = before.findLastIndex((token) => token.kind === '}');
  if (opened === -1 || closed > opened) return '';
  const last = before.at(-1)?.kind;
  if (last === 'IDENTIFIER') return ', expecting = or =~ or !~ or !=';
  if (last === 'STRING') return ', expecting } or ,';
  if (last === ',') return ', expecting IDENTIFIER';
  if (last === '{') return ', expecting IDENTIFIER or }';
  return ', expecting STRING';
}

/** Offset of the first error node, null when the tree is sound. */
function firstError(tree: Tree): number | null {
  let at: number | null = null;
  tree.iterate({
    enter: (node) => {
      if (node.type.isError && (at === null || node.from < at)) at = node.from;
    },
  });
  return at;
}

/** The refusal of a query whose tree has an error, in upstream's words; null when there is none. */
export function syntaxError(query: string, tree: Tree): LokiError | null {
  if (query.trim() === '') return parseError(query, null, 'syntax error: unexpected $end');
  const at = firstError(tree);
  if (at === null) return null;
  const all = tokens(query);
  const open = all.find((token) => token.text === '"' || token.text === '`');
  if (open !== undefined && open.at <= at) return parseError(query, open.at, 'literal not terminated');
  const index = all.findIndex((token) => token.at >= at);
  const before = index === -1 ? all : all.slice(0, index);
  const token = index === -1 ? undefined : all[index];
  if (token?.kind === '}' && before.at(-1)?.kind === '{') return emptySelector();
  const detail = `syntax error: unexpected ${token?.kind ?? '$end'}${expected(before)}`;
  return parseError(query, token?.at ?? query.length, detail);
}
