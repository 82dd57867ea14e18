/** A piece of an expression: offsets into its text, `to` excluded. */
export type Span = { from: number; to: number };

/** `name=~"value"`; `value` without its quotes, escapes as they are written; `written` is all of it. */
export type Matcher = { label: string; op: '=' | '!=' | '=~' | '!~'; value: string; written: string };

export type Grouping = { mode: 'by' | 'without'; labels: string[] };
export type Matching = { mode: 'on' | 'ignoring'; labels: string[]; group: 'left' | 'right' | null };

export type NumberNode = Span & { kind: 'number'; value: number };
export type StringNode = Span & { kind: 'string' };
export type SelectorNode = Span & { kind: 'selector'; name: string | null; matchers: Matcher[] };
/** `x[5m]`; `window` as it is written. */
export type RangeNode = Span & { kind: 'range'; of: Node; window: string };
export type SubqueryNode = Span & { kind: 'subquery'; of: Node };
export type CallNode = Span & { kind: 'call'; name: string; args: Node[] };
/** `of` is the vector that is aggregated; `parameter` the 5 of topk(5, x). */
export type AggregateNode = Span & {
  kind: 'aggregate';
  name: string;
  parameter: Node | null;
  of: Node;
  grouping: Grouping | null;
};
export type BinaryNode = Span & {
  kind: 'binary';
  op: string;
  /** Where the operator, and `bool` behind it, ends. */
  opEnd: number;
  left: Node;
  right: Node;
  bool: boolean;
  matching: Matching | null;
};
export type UnaryNode = Span & { kind: 'unary'; op: string; of: Node };
export type ParenNode = Span & { kind: 'paren'; of: Node };
/** `x offset 1d`, `x @ end()` and the like: the same series, at another time. */
export type ShiftNode = Span & { kind: 'shift'; of: Node };

/** An expression of PromQL, as far as the checks look at it. */
export type Node =
  | NumberNode
  | StringNode
  | SelectorNode
  | RangeNode
  | SubqueryNode
  | CallNode
  | AggregateNode
  | BinaryNode
  | UnaryNode
  | ParenNode
  | ShiftNode;

export function childrenOf(node: Node): Node[] {
  switch (node.kind) {
    case 'number':
    case 'string':
    case 'selector':
      return [];
    case 'call':
      return node.args;
    case 'aggregate':
      return node.parameter === null ? [node.of] : [node.parameter, node.of];
    case 'binary':
      return [node.left, node.right];
    default:
      return [node.of];
  }
}

/** The node and everything below it, with what it stands in, outermost first. */
export function* walk(
  node: Node,
  above: readonly Node[] = [],
): Generator<[node: Node, above: readonly Node[]]> {
  yield [node, above];
  for (const child of childrenOf(node)) yield* walk(child, [...above, node]);
}

/** Without the parentheses around it. */
export const bare = (node: Node): Node => (node.kind === 'paren' ? bare(node.of) : node);

export const selectorsOf = (node: Node): SelectorNode[] =>
  [...walk(node)].flatMap(([one]) => (one.kind === 'selector' ? [one] : []));

/** The number that an expression of numbers comes to; null where a series takes part. */
export function constantOf(node: Node): number | null {
  const inner = bare(node);
  if (inner.kind === 'number') return inner.value;
  if (inner.kind === 'unary') {
    const value = constantOf(inner.of);
    return value === null ? null : inner.op === '-' ? -value : value;
  }
  if (inner.kind !== 'binary') return null;
  const left = constantOf(inner.left);
  const right = constantOf(inner.right);
  if (left === null || right === null) return null;
  switch (inner.op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '^':
      return left ** right;
    default:
      return null;
  }
}

const mirrored: Record<string, string> = {
  '>': '<',
  '<': '>',
  '>=': '<=',
  '<=': '>=',
  '==': '==',
  '!=': '!=',
};

/** A comparison of series with a number: `series > limit`, also where it is written the other way round. */
export type Comparison = { node: BinaryNode; series: Node; op: string; limit: number };

/** Null for what compares nothing with a number. */
export function comparisonOf(node: Node): Comparison | null {
  if (node.kind !== 'binary') return null;
  const turned = mirrored[node.op];
  if (turned === undefined) return null;
  const left = constantOf(node.left);
  const right = constantOf(node.right);
  if (right !== null && left === null) return { node, series: node.left, op: node.op, limit: right };
  if (left !== null && right === null) return { node, series: node.right, op: turned, limit: left };
  return null;
}
