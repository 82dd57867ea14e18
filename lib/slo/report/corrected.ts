import { objectiveOf } from '../math/objective';
import { sumOf } from './amounts';
import type { Corrected, Correction, ReportLine } from './contract';

type Line = Pick<ReportLine, 'objective' | 'definition' | 'target' | 'total' | 'spent'>;

/**
 * What each corrected line would have spent if its corrections hold; the frozen figures stay as they are. Whether
 * the objective is met is judged anew by failures; null where a line has no figure.
 */
export function correctedOf(lines: readonly Line[], corrections: readonly Correction[]): Corrected[] {
  return lines.flatMap((line) => {
    const own = corrections.filter(
      ({ objective, definition }) => objective === line.objective && definition === line.definition,
    );
    if (own.length === 0) return [];
    const failures = sumOf([line.spent?.failures ?? 0, ...own.map((one) => one.failures ?? 0)]);
    const seconds = sumOf([line.spent?.seconds ?? 0, ...own.map((one) => one.seconds ?? 0)]);
    const { failures: allowed, per } = objectiveOf(line.target);
    return [
      {
        objective: line.objective,
        definition: line.definition,
        failures,
        seconds,
        isMet:
          line.total === null || line.total <= 0 || line.spent === null
            ? null
            : failures * per <= line.total * allowed,
        count: own.length,
      },
    ];
  });
}
