import type { Edit, Scope } from './model';
import { bare, type Node, type RangeNode, type SelectorNode } from './promql/tree';

/** What counters of failures and of everything are read over where a rule names no window of its own. */
export const WINDOW = '5m';

export const sourceOf = (scope: Pick<Scope, 'text'>, node: Node): string =>
  scope.text.slice(node.from, node.to);

/** Puts pieces of a text in the place of others; they must not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.from - a.from)
    .reduce((whole, edit) => whole.slice(0, edit.from) + edit.text + whole.slice(edit.to), text);
}

/** A selector as text. Names that PromQL takes in quotes only stand inside the braces. */
export function selectorText(name: string | null, matchers: readonly string[]): string {
  const plain = name === null || /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name);
  const inside = plain ? matchers : [`"${name}"`, ...matchers];
  return `${plain ? (name ?? '') : ''}${inside.length > 0 ? `{${inside.join(', ')}}` : ''}`;
}

export const writtenMatchers = (selector: SelectorNode): string[] =>
  selector.matchers.map((matcher) => matcher.written);

/** `sum by (labels) (inner)`, or `sum(inner)` over all. */
export const sumBy = (labels: readonly string[], inner: string): string =>
  labels.length > 0 ? `sum by (${labels.join(', ')}) (${inner})` : `sum(${inner})`;

/** The pieces of `rate(x{...}[5m] offset 1d)`: the selector that is read, and the range that it stands in. */
export type Rated = { call: Node; name: string; range: RangeNode; selector: SelectorNode };

/** Null for what is no function over the range of one selector. */
export function ratedOf(node: Node, names: readonly string[]): Rated | null {
  const call = bare(node);
  if (call.kind !== 'call' || !names.includes(call.name) || call.args.length !== 1) return null;
  let inner = call.args[0];
  while (inner !== undefined && (inner.kind === 'shift' || inner.kind === 'paren')) inner = inner.of;
  if (inner?.kind !== 'range') return null;
  const selector = bare(inner.of);
  return selector.kind === 'selector' ? { call, name: call.name, range: inner, selector } : null;
}

/** The same call with another function or another selector; offsets stay. */
export function ratedText(scope: Pick<Scope, 'text'>, rated: Rated, name: string, selector?: string): string {
  const { call, selector: old } = rated;
  const inside = scope.text.slice(old.to, call.to);
  const opening = scope.text.slice(call.from + rated.name.length, old.from);
  return `${name}${opening}${selector ?? sourceOf(scope, old)}${inside}`;
}

/**
 * Text that takes the place of a comparison. What the comparison stands in binds closer than `and`, so the text gets
 * parentheses unless it is all there is.
 */
export function inPlaceOf(node: Node, above: readonly Node[], text: string): Edit {
  const outer = above.at(-1);
  const alone =
    outer === undefined || outer.kind === 'paren' || (outer.kind === 'binary' && outer.op === 'or');
  return { from: node.from, to: node.to, text: alone ? text : `(${text})` };
}

/** Requests that must have come before one more failure can pass a share: with fewer, a single one trips the rule. */
export function requestsFor(share: number): number {
  return Math.ceil(1 / share - 1e-9);
}

/** A number as PromQL and people write it. */
export const numberText = (value: number): string => String(Number(value.toPrecision(12)));
