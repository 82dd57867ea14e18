import type { Check, Spot } from '../model';
import { selectorsOf } from '../promql/tree';

/**
 * a series that its program does not expose. The rule is silent for ever, which looks like health. Asked only
 * of programs whose `/metrics` was given.
 */
export const missingSeries: Check = (scope) => {
  const told = new Set<string>();
  return selectorsOf(scope.root).flatMap((selector): Spot[] => {
    const name = selector.name ?? '';
    if (name === '' || told.has(name) || !scope.series.isMissing(name)) return [];
    told.add(name);
    return [
      {
        id: 'X-24',
        severity: 'error',
        span: { from: selector.from, to: selector.to },
        says: `${name} is not among the series that are exposed: the rule can never fire.`,
        why: 'An expression over a series that does not exist is empty, and an empty alert looks like health. Expose the series, or ask for one that is there.',
        edits: null,
      },
    ];
  });
};
