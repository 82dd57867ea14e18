import { parse, stringify } from 'yaml';
import { z } from 'zod';

const File = z.object({
  groups: z.array(
    z.looseObject({
      rules: z.array(
        z.looseObject({
          alert: z.string().optional(),
          labels: z.record(z.string(), z.string()),
          annotations: z.unknown().optional(),
        }),
      ),
    }),
  ),
});

/** The rules without the burn alerts of other pairs. */
export function onlyPair(rules: string, pair: string): string {
  const file = File.parse(parse(rules));
  for (const group of file.groups) {
    group.rules = group.rules.filter(
      ({ alert, labels }) => alert !== 'SloBudgetBurn' || labels['pair'] === pair,
    );
  }
  return stringify(file);
}

/** The rules without their words, each of which is a query while an alert fires. */
export function withoutAnnotations(rules: string): string {
  const file = File.parse(parse(rules));
  for (const group of file.groups) {
    group.rules = group.rules.map(({ annotations: _, ...rule }) => rule);
  }
  return stringify(file);
}
