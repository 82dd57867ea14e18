import { type Document, isMap, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import { OpsError } from '@/lib/core/errors';
import { convert, dialectFinding, unknownFieldFinding, unknownFields } from './dialect';
import type { Finding, Place, Rule } from './model';
import {
  entriesOf,
  fieldOf,
  type Member,
  memberOf,
  membersOf,
  placeAt,
  placeOf,
  resolved,
  type Source,
} from './yaml-nodes';

export type RuleText = { file: string; text: string };

/** The rules of a file, and what is wrong with how they are written down. */
export type RuleFile = { rules: Rule[]; findings: Finding[] };

/** Aliases multiply: a small file must not become a huge one. */
const MOST_RULES = 50_000;

/**
 * Reads a file of Prometheus: `groups` at its top, Kubernetes's PrometheusRule, or a bare list of rules, which only
 * people write. Throws OpsError `invalid` with the place for what is no YAML or holds no rules.
 */
export function readRules({ file, text }: RuleText): RuleFile {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    uniqueKeys: true,
    strict: true,
    merge: false,
  });
  const found: RuleFile = { rules: [], findings: [] };
  if (!Array.isArray(documents)) return found;
  for (const document of documents) {
    const [error] = document.errors;
    if (error !== undefined)
      throw unreadable(placeAt({ file, lines }, error.pos[0]), `not valid YAML: ${firstLine(error.message)}`);
    readDocument({ file, text, lines, document }, found);
  }
  return found;
}

const firstLine = (text: string): string =>
  (text.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '').replace(/[.:]$/, '');

export const unreadable = ({ file, line, column }: Place, says: string): OpsError =>
  new OpsError('invalid', `${file}:${line}:${column}: ${says}.`);

function readDocument(source: Source & { document: Document }, into: RuleFile): void {
  const root = resolved(source, source.document.contents);
  if (root === null || (!isMap(root) && !isSeq(root) && fieldOf(source, root)?.value === '')) return;
  if (isSeq(root)) {
    if (root.items.length === 0) return;
    into.findings.push({
      ...placeOf(source, root),
      id: 'X-35',
      severity: 'error',
      rule: null,
      says: 'A list of rules is no rule file: Prometheus looks for groups at the top and refuses this.',
      why: 'The rules are read as one group.',
      corrected: { rule: 'groups:\n  - name: NAME\n    rules:\n      # these rules, indented by six' },
    });
    for (const item of root.items) readRule(source, item, into);
    return;
  }
  const members = isMap(root) ? membersOf(source, root) : [];
  const spec = resolved(source, memberOf(members, 'spec')?.value);
  const inside = isMap(spec) && memberOf(members, 'kind') !== undefined ? membersOf(source, spec) : members;
  const groups = memberOf(inside, 'groups');
  if (groups === undefined)
    throw unreadable(
      placeOf(source, root),
      'no rule file: it has no groups at its top, nor below spec as a PrometheusRule has it, and is no list of rules',
    );
  if (groups.value === null || fieldOf(source, groups.value)?.value === '') return;
  if (!isSeq(groups.value)) throw unreadable(groups.place, 'groups is not a list');
  for (const item of groups.value.items) {
    const group = resolved(source, item);
    if (!isMap(group))
      throw unreadable(placeOf(source, item), 'a group is not a mapping with name and rules');
    const rules = memberOf(membersOf(source, group), 'rules');
    if (rules === undefined || rules.value === null || fieldOf(source, rules.value)?.value === '') continue;
    if (!isSeq(rules.value)) throw unreadable(rules.place, 'rules is not a list');
    for (const rule of rules.value.items) readRule(source, rule, into);
  }
}

function readRule(source: Source, item: unknown, into: RuleFile): void {
  const node: Node | null = resolved(source, item);
  const place = placeOf(source, item);
  if (!isMap(node)) throw unreadable(place, 'a rule is not a mapping with alert (or record) and expr');
  if (into.rules.length >= MOST_RULES)
    throw unreadable(place, `more than ${MOST_RULES} rules; split the file`);
  const members = membersOf(source, node);
  const labels = entriesOf(source, memberOf(members, 'labels')?.value);
  const converted = convert(source, members, labels);
  const own = memberOf(members, 'alert') ?? memberOf(members, 'record');
  const name = (own === undefined ? null : fieldOf(source, own.value)) ?? converted?.name ?? null;
  const expr = exprOf(source, members);
  const called = name?.value ?? '';
  for (const member of unknownFields(members, converted !== null))
    into.findings.push(unknownFieldFinding(member, called));
  if (name === null || called === '') {
    into.findings.push(
      incomplete(place, called, 'The rule has neither alert nor record: Prometheus refuses the whole file.'),
    );
    if (expr === null) return;
  } else if (expr === null) {
    into.findings.push(incomplete(place, called, 'The rule has no expr: Prometheus refuses the whole file.'));
    return;
  }
  into.rules.push({
    kind: memberOf(members, 'record') === undefined ? 'alert' : 'record',
    name: called,
    place: name?.place ?? place,
    start: place,
    expr,
    for: fieldOf(source, memberOf(members, 'for')?.value)?.value ?? null,
    labels: [...labels, ...(converted?.labels ?? [])],
    annotations: entriesOf(source, memberOf(members, 'annotations')?.value),
    converted: converted === null ? null : dialectFinding(place, called, converted),
  });
}

function exprOf(source: Source, members: readonly Member[]) {
  const expr = memberOf(members, 'expr');
  return expr === undefined ? null : fieldOf(source, expr.value);
}

const incomplete = (place: Place, rule: string, says: string): Finding => ({
  ...place,
  id: 'X-35',
  severity: 'error',
  rule: rule === '' ? null : rule,
  says,
  why: 'A rule is an alert or a record, and an expression.',
  corrected: null,
});
