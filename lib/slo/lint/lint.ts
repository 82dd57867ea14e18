import { stringify } from 'yaml';
import { leakBySize, poolBySize } from './checks/absolute-size';
import { coresAsShare, memoryOfLimit } from './checks/container-resources';
import { labelsPerSide } from './checks/labels-per-side';
import { missingSeries } from './checks/missing-series';
import { quantileOfBare } from './checks/quantile-of-bare';
import { quantileOfSummary, unknownNodeName } from './checks/quantile-of-summary';
import { rateAsShare } from './checks/rate-as-share';
import { rateOfGauge } from './checks/rate-of-gauge';
import { ratioOfCounters } from './checks/ratio-of-counters';
import { severityJudge } from './checks/severity-label';
import { severityOfTable } from './checks/severity-of-table';
import type { Check, Correction, Finding, Place, Rule, Scope, Spot } from './model';
import { parsePromql } from './promql/parse';
import { type RuleText, readRules } from './read-rules';
import { applyEdits } from './rewrite';
import { routeFindings } from './routes';
import { emptyBook, type SeriesBook } from './series-book';

const checks: readonly Check[] = [
  rateAsShare,
  quantileOfBare,
  quantileOfSummary,
  unknownNodeName,
  rateOfGauge,
  ratioOfCounters,
  labelsPerSide,
  coresAsShare,
  memoryOfLimit,
  leakBySize,
  poolBySize,
  missingSeries,
];

export type LintOptions = {
  /** What the programs expose, from their `/metrics`. */
  series?: SeriesBook;
  /** An Alertmanager configuration whose routes shall be reached. */
  alertmanager?: RuleText;
  /** Whether severities are held against the SLI table of the guides. */
  sliTable?: boolean;
};

export type Linted = { findings: Finding[]; rules: number };

/**
 * Looks for the mistakes of the guides in rule files, all of them together. Findings are in the order of the files
 * and of their lines. Throws OpsError `invalid` with file, line and column for what cannot be read.
 */
export function lintRules(files: readonly RuleText[], options: LintOptions = {}): Linted {
  const read = files.map(readRules);
  const rules = read.flatMap((one) => one.rules);
  const used = options.sliTable === true ? [...checks, severityOfTable] : checks;
  const severities = severityJudge(rules);
  const findings = rules.flatMap((rule) => {
    const own = [...lintExpression(rule, used, options.series ?? emptyBook), ...severities(rule)];
    // A rule of another dialect is given back whole, with everything that was corrected in it.
    const corrections = own.flatMap((one) => one.corrected ?? []);
    return rule.converted === null
      ? own
      : [{ ...rule.converted, corrected: { rule: wholeRule(rule, corrections) } }, ...own];
  });
  const routes = options.alertmanager === undefined ? [] : routeFindings(options.alertmanager, rules);
  const order = new Map(files.map(({ file }, index) => [file, index]));
  const place = ({ file, line, column }: Place) => [order.get(file) ?? files.length, line, column] as const;
  const sorted = [...read.flatMap((one) => one.findings), ...findings, ...routes].toSorted((a, b) => {
    const [one, other] = [place(a), place(b)];
    return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
  });
  return { findings: sorted, rules: rules.length };
}

function lintExpression(rule: Rule, used: readonly Check[], series: SeriesBook): Finding[] {
  const parsed = parsePromql(rule.expr.value);
  if (parsed.root === null) {
    const { from, says, isTooDeep } = parsed.problem;
    return [
      {
        ...rule.expr.at(from),
        id: 'PROMQL',
        severity: isTooDeep ? 'info' : 'error',
        rule: rule.name,
        says: isTooDeep ? `This is not looked at: ${says}.` : `This is no PromQL: ${says}.`,
        why: isTooDeep ? 'Nobody reads that either; record the parts.' : 'Prometheus refuses the whole file.',
        corrected: null,
      },
    ];
  }
  const spots = spotsOf(rule.expr.value, rule, used, series);
  const expr = settle(rule.expr.value, rule, used, series);
  return spots.map((spot) => ({
    ...rule.expr.at(spot.span.from),
    id: spot.id,
    severity: spot.severity,
    rule: rule.name,
    says: spot.says,
    why: spot.why,
    corrected: correctionOf(spot, expr, rule, used, series),
  }));
}

function spotsOf(text: string, rule: Rule, used: readonly Check[], series: SeriesBook): Spot[] {
  const { root } = parsePromql(text);
  if (root === null) return [];
  const scope: Scope = { text, root, rule, series, keep: keptLabels(rule) };
  return used.flatMap((check) => check(scope));
}

/** Corrects one mistake after the other, as each may uncover the next, until nothing can be mended. */
function settle(text: string, rule: Rule, used: readonly Check[], series: SeriesBook): string {
  let current = text;
  for (let round = 0; round < 40; round += 1) {
    const spot = spotsOf(current, rule, used, series).find((one) => one.edits !== null);
    if (spot?.edits == null) break;
    current = applyEdits(current, spot.edits);
  }
  return current.trimEnd();
}

function correctionOf(
  spot: Spot,
  expr: string,
  rule: Rule,
  used: readonly Check[],
  series: SeriesBook,
): Correction | null {
  if (spot.edits === null) return spot.labels === undefined ? null : { labels: spot.labels };
  if (spot.alternative === undefined) return { expr };
  const { when, edits } = spot.alternative;
  return {
    expr,
    alternatives: [{ when, expr: settle(applyEdits(rule.expr.value, edits), rule, used, series) }],
  };
}

/** Labels that templates name must survive a sum, or the message loses them. */
function keptLabels(rule: Rule): (without: readonly string[]) => string[] {
  const texts = [...rule.annotations, ...rule.labels].map((one) => one.field.value);
  const named = texts.flatMap((text) =>
    [...text.matchAll(/\$labels\.(\w+)|index \$labels "(\w+)"|\.Labels\.(\w+)/g)].flatMap(
      (match) => match[1] ?? match[2] ?? match[3] ?? [],
    ),
  );
  const own = new Set(['alertname', ...rule.labels.map((one) => one.key)]);
  return (without) =>
    [...new Set(['job', ...named.filter((label) => !own.has(label))])].filter(
      (label) => !without.includes(label),
    );
}

/** A rule as Prometheus reads it, with corrections in place. */
export function wholeRule(rule: Rule, corrections: readonly Correction[]): string {
  const entries = (kind: 'labels' | 'annotations'): Record<string, string> => {
    const all = new Map(rule[kind].map((one) => [one.key, one.field.value]));
    for (const [key, value] of corrections.flatMap((one) => Object.entries(one[kind] ?? {}))) {
      if (value === null) all.delete(key);
      else all.set(key, value);
    }
    return Object.fromEntries(all);
  };
  const [labels, annotations] = [entries('labels'), entries('annotations')];
  const expr = corrections.flatMap((one) => one.expr ?? [])[0] ?? rule.expr.value;
  const whole = {
    [rule.kind]: rule.name,
    expr,
    ...(rule.for === null ? {} : { for: rule.for }),
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
  return stringify([whole], { lineWidth: 0 });
}
