import { byteSize, durationNs } from '../duration';
import { unsupported } from '../error';
import type { CompareOp, Extraction, LabelFilter, Stage } from './ast';
import { filterMatcherOf, matcherOf } from './matcher';
import { regexTest } from './regex';
import type { Node } from './tree';

const compareOps: Record<string, CompareOp> = {
  Eq: '=',
  Eql: '=',
  Neq: '!=',
  Gtr: '>',
  Gte: '>=',
  Lss: '<',
  Lte: '<=',
};

/** The stages of a PipelineExpr node, in order. Throws LokiError 400. */
export function stages(node: Node): Stage[] {
  return node.children.flatMap((child) => {
    if (child.name === 'PipelineExpr') return stages(child);
    return child.name === 'PipelineStage' ? stage(child) : [];
  });
}

function stage(node: Node): Stage[] {
  const [first, second] = node.children;
  if (first?.name === 'LineFilters') return first.list('LineFilters').map(lineStage);
  if (second === undefined) throw unsupported(node.text);
  switch (second.name) {
    case 'LabelParser':
      if (second.child('Json') !== null) return [{ kind: 'json', fields: [] }];
      throw unsupported(second.text);
    case 'LogfmtParser':
      return [{ kind: 'logfmt', fields: [], strict: second.text.includes('--strict') }];
    case 'JsonExpressionParser':
      return [{ kind: 'json', fields: extractions(second) }];
    case 'LogfmtExpressionParser':
      return [{ kind: 'logfmt', fields: extractions(second), strict: second.text.includes('--strict') }];
    case 'LabelFilter':
      return [{ kind: 'filter', filter: labelFilter(second) }];
    default:
      return formatStage(second);
  }
}

function formatStage(node: Node): Stage[] {
  switch (node.name) {
    case 'LineFormatExpr':
      return [{ kind: 'line-format', template: node.string() }];
    case 'LabelFormatExpr':
      return [
        { kind: 'label-format', changes: node.need('LabelsFormat').list('LabelsFormat').map(labelChange) },
      ];
    case 'DropLabelsExpr':
      return [{ kind: 'drop', labels: node.need('DropLabels').list('DropLabels').map(chosen) }];
    case 'KeepLabelsExpr':
      return [{ kind: 'keep', labels: node.need('KeepLabels').list('KeepLabels').map(chosen) }];
    case 'DecolorizeExpr':
      return [{ kind: 'decolorize' }];
    default:
      throw unsupported(node.text);
  }
}

function chosen(node: Node) {
  const matcher = node.child('Matcher');
  if (matcher === null) return { name: node.text, matcher: null };
  const made = matcherOf(matcher);
  return { name: made.name, matcher: made };
}

function labelChange(node: Node) {
  const [name, , value] = node.children;
  if (name === undefined || value === undefined) throw unsupported(node.text);
  return value.name === 'String'
    ? { name: name.text, from: null, template: node.string() }
    : { name: name.text, from: value.text, template: null };
}

function extractions(node: Node): Extraction[] {
  const list = node.need('LabelExtractionExpressionList').list('LabelExtractionExpressionList');
  return list.map((item) => {
    const name = item.need('Identifier').text;
    return { name, expression: item.child('String') === null ? name : item.string() };
  });
}

/** `|= "a" or "b"` passes when any text is found; `!= "a" or "b"` when none is. */
function lineStage(node: Node): Stage {
  if (node.child('FilterOp') !== null) throw unsupported(node.text);
  const operator = node.need('Filter').text.trim();
  const texts = [node.string()];
  for (let or = node.child('OrFilter'); or !== null; or = or.child('OrFilter')) texts.push(or.string());
  if (operator === '|>' || operator === '!>') throw unsupported(`the pattern filter ${operator}`);
  const negative = operator.startsWith('!');
  const tests = texts.map((text) =>
    operator.endsWith('~') ? regexTest(text, false) : (line: string) => line.includes(text),
  );
  const [only] = tests;
  const any = tests.length === 1 && only ? only : (line: string) => tests.some((test) => test(line));
  return { kind: 'line', negative, test: any };
}

/**
 * A LabelFilter node. The grammar binds `and` and `or` alike and to the left, upstream binds `and` (and the
 * comma) tighter, so the chain is flattened and cut at each `or`.
 */
export function labelFilter(node: Node): LabelFilter {
  const links = chain(node);
  const groups: LabelFilter[] = [];
  for (const { joint, filter } of links) {
    const last = groups.at(-1);
    if (joint === 'Or' || last === undefined) groups.push(filter);
    else groups[groups.length - 1] = { kind: 'and', left: last, right: filter };
  }
  return groups.reduce((left, right) => ({ kind: 'or', left, right }));
}

function chain(node: Node): { joint: string; filter: LabelFilter }[] {
  const children = node.children;
  const [first, second] = children;
  const right = children.at(-1);
  if (first?.name !== 'LabelFilter') return [{ joint: 'And', filter: atom(node) }];
  if (second === undefined || right === undefined) return [{ joint: 'And', filter: labelFilter(first) }];
  const joint = second.name === 'Or' ? 'Or' : 'And';
  const [head, ...tail] = chain(right);
  return head === undefined ? chain(first) : [...chain(first), { joint, filter: head.filter }, ...tail];
}

function atom(node: Node): LabelFilter {
  const [child] = node.children;
  switch (child?.name) {
    case 'Matcher':
      return { kind: 'match', matcher: filterMatcherOf(child) };
    case 'NumberFilter':
      return compare(child, 'number', Number(child.need('LiteralExpr').text.replace(/\s/g, '')));
    case 'UnitFilter': {
      const duration = child.child('DurationFilter');
      if (duration !== null) return compare(duration, 'duration', durationNs(duration.need('Duration').text));
      const bytes = child.need('BytesFilter');
      return compare(bytes, 'bytes', byteSize(bytes.need('Bytes').text));
    }
    default:
      throw unsupported(node.text);
  }
}

function compare(node: Node, unit: 'number' | 'duration' | 'bytes', value: number | null): LabelFilter {
  const [name, operator] = node.children;
  const op = compareOps[operator?.name ?? ''];
  if (name === undefined || op === undefined || value === null) throw unsupported(node.text);
  return { kind: 'compare', name: name.text, op, unit, value };
}
