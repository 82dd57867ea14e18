import { unsupported } from '../error';
import type { Matcher, MatchOp } from './ast';
import { regexTest } from './regex';
import type { Node } from './tree';

const matchOps: Record<string, MatchOp> = { Eq: '=', Neq: '!=', Re: '=~', Nre: '!~' };

/** Builds a matcher with its test. Throws LokiError 400 for a pattern that RE2 refuses. */
export function makeMatcher(name: string, op: MatchOp, value: string): Matcher {
  if (op === '=') return { name, op, value, test: (text) => text === value };
  if (op === '!=') return { name, op, value, test: (text) => text !== value };
  const test = regexTest(value, true);
  return { name, op, value, test: op === '=~' ? test : (text) => !test(text) };
}

/** The matcher of a Matcher node. Throws LokiError 400. */
export function matcherOf(node: Node): Matcher {
  const [name, op] = node.children;
  const operator = matchOps[op?.name ?? ''];
  if (name === undefined || operator === undefined) throw unsupported(node.text);
  return makeMatcher(name.text, operator, node.string());
}

/**
 * A matcher of a label filter in a pipeline. Upstream simplifies `text.*`, `.*text` and `.*text.*` there to a
 * plain search, so that these are not anchored although every other pattern is; a client can trip over it.
 */
export function filterMatcherOf(node: Node): Matcher {
  const matcher = matcherOf(node);
  const { op, value } = matcher;
  if (op !== '=~' && op !== '!~') return matcher;
  const literal = /^(?:\.\*)?([\w\s:/@#%&,;=-]+)(?:\.\*)?$/.exec(value)?.[1];
  if (literal === undefined || literal === value) return matcher;
  return { ...matcher, test: (text) => text.includes(literal) === (op === '=~') };
}
