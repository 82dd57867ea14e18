import { stringify } from 'yaml';
import type { Correction, Finding, Severity } from './model';

/**
 * Findings for people: `file:line:column  ID  severity  sentence`, below it why, and what would be right as YAML. The
 * corrected expression of a rule has all its corrections and stands once, below the last finding of the rule.
 */
export function reportText(findings: readonly Finding[]): string {
  return findings
    .map((finding, index) => {
      const next = findings[index + 1];
      const repeats =
        finding.corrected?.expr !== undefined &&
        next?.corrected?.expr === finding.corrected.expr &&
        next.rule === finding.rule;
      const { file, line, column, id, severity, rule, says, why } = finding;
      const name = rule === null || rule === '' ? '' : `${rule}: `;
      const corrected = correctionText(
        repeats && finding.corrected !== null ? { ...finding.corrected, expr: undefined } : finding.corrected,
      );
      return [
        `${file}:${line}:${column}  ${id}  ${severity}  ${name}${says}`,
        indent(why, 4),
        ...(corrected === '' ? [] : ['    Corrected:', indent(corrected, 6)]),
        '',
      ].join('\n');
    })
    .join('\n');
}

function correctionText(corrected: { [K in keyof Correction]: Correction[K] | undefined } | null): string {
  if (corrected === null) return '';
  const { expr, alternatives = [], labels, annotations, rule } = corrected;
  const removed = Object.entries(annotations ?? {}).flatMap(([key, value]) => (value === null ? [key] : []));
  const kept = Object.fromEntries(Object.entries(annotations ?? {}).filter(([, value]) => value !== null));
  return [
    ...(expr === undefined ? [] : [yamlOf({ expr })]),
    ...(expr === undefined
      ? []
      : alternatives.map((one) => `# where ${one.when}:\n${yamlOf({ expr: one.expr })}`)),
    ...(labels === undefined ? [] : [yamlOf({ labels })]),
    ...(Object.keys(kept).length === 0 ? [] : [yamlOf({ annotations: kept })]),
    ...removed.map((key) => `# and no annotation ${key}`),
    ...(rule === undefined ? [] : [rule.trimEnd()]),
  ].join('\n');
}

const yamlOf = (value: object): string => stringify(value, { lineWidth: 0 }).trimEnd();

const indent = (text: string, by: number): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? line : `${' '.repeat(by)}${line}`))
    .join('\n');

/** `12 rules, 3 errors and 2 warnings.` */
export function summaryText(rules: number, files: number, findings: readonly Finding[]): string {
  const count = (severity: Severity) => findings.filter((one) => one.severity === severity).length;
  const words = [
    counted(count('error'), 'error'),
    counted(count('warning'), 'warning'),
    counted(count('info'), 'remark'),
  ];
  return `${counted(rules, 'rule')} in ${counted(files, 'file')}: ${findings.length === 0 ? 'nothing to object to' : words.join(', ')}.`;
}

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
