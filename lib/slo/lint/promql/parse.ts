import { parser } from '@prometheus-io/lezer-promql';
import type { Grouping, Matcher, Matching, Node, Span } from './tree';

/** What is wrong, and where. `isTooDeep`: it may be right, and is not followed here. */
export type SyntaxProblem = Span & { says: string; isTooDeep?: true };
export type Parsed = { root: Node; problem: null } | { root: null; problem: SyntaxProblem };

type Raw = ReturnType<typeof parser.parse>['topNode'];

const aggregators = new Set([
  'avg',
  'bottomk',
  'count',
  'count_values',
  'group',
  'max',
  'min',
  'quantile',
  'limitk',
  'limit_ratio',
  'stddev',
  'stdvar',
  'sum',
  'topk',
]);

/** Nodes whose expressions stand directly in them. */
const unfolded = new Set([
  'MatrixSelector',
  'SubqueryExpr',
  'BinaryExpr',
  'UnaryExpr',
  'ParenExpr',
  'OffsetExpr',
  'StepInvariantExpr',
  'AnchoredExpr',
  'SmoothedExpr',
]);

/**
 * Nesting that is followed, in nodes of the tree: far more than people write. The parser itself gives up on chains
 * of some 450 operators, and calls what follows an error.
 */
const MOST_DEEP = 300;

/**
 * Reads an expression with the grammar of Prometheus's own editor. It knows syntax, not types: `rate(x)` without a
 * range is read. Never throws.
 */
export function parsePromql(text: string): Parsed {
  if (text.trim() === '')
    return { root: null, problem: { from: 0, to: text.length, says: 'the expression is empty' } };
  const top = parser.parse(text).topNode;
  if (depthOf(top) > MOST_DEEP) {
    const says = `the expression is nested more than ${MOST_DEEP} deep`;
    return { root: null, problem: { from: 0, to: text.length, says, isTooDeep: true } };
  }
  const broken = firstError(top);
  if (broken !== null) {
    const near = text.slice(broken.from, Math.max(broken.to, broken.from)).trim().split('\n')[0] ?? '';
    const at = Math.min(broken.from, text.length);
    const says =
      near === ''
        ? at >= text.trimEnd().length
          ? 'the expression ends too early'
          : `something is missing before "${(text.slice(at).trim().split(/\s/)[0] ?? '').slice(0, 40)}"`
        : `"${near.slice(0, 40)}" does not fit here`;
    return { root: null, problem: { from: at, to: Math.max(at, broken.to), says } };
  }
  const read = new Reader(text);
  const first = partsOf(top)[0];
  const root = first === undefined ? null : read.node(first);
  return root === null
    ? {
        root: null,
        problem: { from: 0, to: text.length, says: 'the expression holds nothing that can be read' },
      }
    : { root, problem: null };
}

/** Both go through the tree without recursion: what they read may be of any depth. */
function firstError(top: Raw): Raw | null {
  const cursor = top.cursor();
  do if (cursor.type.isError) return cursor.node;
  while (cursor.next());
  return null;
}

function depthOf(top: Raw): number {
  let [depth, deepest] = [0, 0];
  top.cursor().iterate(
    () => {
      depth += 1;
      deepest = Math.max(deepest, depth);
    },
    () => {
      depth -= 1;
    },
  );
  return deepest;
}

function partsOf(node: Raw): Raw[] {
  const parts: Raw[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'LineComment') parts.push(child);
  }
  return parts;
}

class Reader {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }

  #of = (node: Raw): string => this.#text.slice(node.from, node.to);

  /** Null for what is no expression of its own. */
  node(raw: Raw): Node | null {
    const span = { from: raw.from, to: raw.to };
    const parts = partsOf(raw);
    switch (raw.name) {
      case 'NumberDurationLiteral':
        return { ...span, kind: 'number', value: readNumber(this.#of(raw)) };
      case 'StringLiteral':
        return { ...span, kind: 'string' };
      case 'VectorSelector':
        return { ...span, kind: 'selector', ...this.#selector(parts) };
      case 'FunctionCall': {
        const name = parts[0] ? this.#of(parts[0]) : '';
        return { ...span, kind: 'call', name, args: this.#body(parts) };
      }
      case 'AggregateExpr': {
        const name = parts[0] ? this.#of(parts[0]).toLowerCase() : '';
        const args = this.#body(parts);
        const of = args.at(-1);
        if (of === undefined || !aggregators.has(name)) return null;
        const parameter = args.length > 1 ? (args[0] ?? null) : null;
        return { ...span, kind: 'aggregate', name, parameter, of, grouping: this.#grouping(parts) };
      }
    }
    if (!unfolded.has(raw.name)) return null;
    // Each node is read once: what is read twice on every level is read for ever.
    const [first, second] = parts.flatMap((part) => this.node(part) ?? []);
    if (first === undefined) return null;
    switch (raw.name) {
      case 'MatrixSelector': {
        const window = parts.find((part) => part.name === 'DurationExpr');
        return { ...span, kind: 'range', of: first, window: window ? this.#of(window) : '' };
      }
      case 'SubqueryExpr':
        return { ...span, kind: 'subquery', of: first };
      case 'BinaryExpr': {
        if (second === undefined) return null;
        const sign = parts.find((part) => part.from >= first.to);
        const modifier = parts.find((part) => part.name === 'BoolModifier');
        const op = sign ? this.#of(sign).toLowerCase() : '';
        const matching = this.#matching(parts);
        const [bool, opEnd] = [modifier !== undefined, modifier?.to ?? sign?.to ?? first.to];
        return { ...span, kind: 'binary', op, opEnd, left: first, right: second, bool, matching };
      }
      case 'UnaryExpr':
        return { ...span, kind: 'unary', op: parts[0] ? this.#of(parts[0]) : '+', of: first };
      case 'ParenExpr':
        return { ...span, kind: 'paren', of: first };
      case 'OffsetExpr':
      case 'StepInvariantExpr':
      case 'AnchoredExpr':
      case 'SmoothedExpr':
        return { ...span, kind: 'shift', of: first };
      default:
        return null;
    }
  }

  #body(parts: Raw[]): Node[] {
    const body = parts.find((part) => part.name === 'FunctionCallBody');
    return body ? partsOf(body).flatMap((part) => this.node(part) ?? []) : [];
  }

  #selector(parts: Raw[]): { name: string | null; matchers: Matcher[] } {
    const identifier = parts.find((part) => part.name === 'Identifier');
    let name = identifier ? this.#of(identifier) : null;
    const matchers: Matcher[] = [];
    for (const part of parts.flatMap((one) => (one.name === 'LabelMatchers' ? partsOf(one) : []))) {
      const [label, op, value] = partsOf(part);
      if (part.name === 'QuotedLabelName') name = unquote(this.#of(part));
      else if (label && op && value) {
        const matcher = {
          label: unquote(this.#of(label)),
          op: opOf(this.#of(op)),
          value: unquote(this.#of(value)),
          written: this.#of(part),
        };
        if (matcher.label === '__name__' && matcher.op === '=') name = matcher.value;
        else matchers.push(matcher);
      }
    }
    return { name, matchers };
  }

  #labels = (part: Raw | undefined): string[] =>
    part ? partsOf(part).map((label) => unquote(this.#of(label))) : [];

  #grouping(parts: Raw[]): Grouping | null {
    const modifier = parts.find((part) => part.name === 'AggregateModifier');
    if (modifier === undefined) return null;
    const [word, labels] = partsOf(modifier);
    return { mode: word?.name === 'Without' ? 'without' : 'by', labels: this.#labels(labels) };
  }

  #matching(parts: Raw[]): Matching | null {
    const clause = parts.find((part) => part.name === 'MatchingModifierClause');
    if (clause === undefined) return null;
    const inner = partsOf(clause);
    const group = inner.find((part) => part.name === 'GroupLeft' || part.name === 'GroupRight');
    return {
      mode: inner[0]?.name === 'On' ? 'on' : 'ignoring',
      labels: this.#labels(inner[1]),
      group: group === undefined ? null : group.name === 'GroupLeft' ? 'left' : 'right',
    };
  }
}

const opOf = (text: string): Matcher['op'] => (text === '!=' || text === '=~' || text === '!~' ? text : '=');

const unquote = (text: string): string => (/^["'`]/.test(text) ? text.slice(1, -1) : text);

const secondsPer: Record<string, number> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** Seconds of a duration such as `1h30m`; null for what is none, such as an expression of durations. */
export function durationSeconds(text: string): number | null {
  if (!/^(\d+(ms|[smhdwy]))+$/.test(text)) return null;
  return [...text.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (secondsPer[unit ?? ''] ?? 0),
    0,
  );
}

/** A number as PromQL writes it: with underscores, hexadecimal, a duration in seconds, Inf or NaN. */
function readNumber(text: string): number {
  const plain = text.replaceAll('_', '').toLowerCase();
  const sign = plain.startsWith('-') ? -1 : 1;
  const digits = plain.replace(/^[+-]/, '');
  if (digits === 'inf') return sign * Number.POSITIVE_INFINITY;
  return sign * (durationSeconds(digits) ?? Number(digits));
}
