import { parse } from 'yaml';
import { z } from 'zod';
import { findingIds } from '../model';

const Findings = z.array(z.enum(findingIds));

/** A rule of a guide as it stands there, and as it should. */
export const GuideRule = z.object({
  id: z.string().regex(/^ALT-\d\d$/),
  /** What the linter finds in the original, in the order of the list of requirements. */
  findings: Findings,
  original: z.string(),
  corrected: z.string(),
  reason: z.string(),
});
export type GuideRule = z.infer<typeof GuideRule>;

/** A guide's rules, and what else it says that bears on them. */
export const Guide = z.object({
  guide: z.string(),
  title: z.string(),
  /** The series that it lists, as `/metrics` or as a list of names. */
  series: z.string().default(''),
  /** Its Alertmanager configuration, and what is found in its routes with the original rules. */
  alertmanager: z.string().optional(),
  routes: Findings.default([]),
  sliTable: z.boolean().default(false),
  rules: z.array(GuideRule),
});
export type Guide = z.infer<typeof Guide>;

/** Throws what zod or the YAML reader says of a file that is none. */
export const readGuide = (text: string): Guide => Guide.parse(parse(text));

/** Rules as a file that Prometheus reads. */
export function asRuleFile(name: string, rules: readonly string[]): string {
  const items = rules.flatMap((rule) =>
    rule
      .trimEnd()
      .split('\n')
      .map((line, index) => (line === '' ? '' : `      ${index === 0 ? '- ' : '  '}${line}`)),
  );
  return [`groups:`, `  - name: ${name}`, `    rules:`, ...items, ''].join('\n');
}
