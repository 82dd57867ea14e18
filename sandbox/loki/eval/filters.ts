import { byteSize, durationNs } from '../duration';
import type { CompareOp, LabelFilter } from '../logql/ast';
import type { Row } from './row';

export function holds(op: CompareOp, left: number, right: number): boolean {
  switch (op) {
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
  }
}

function numberOf(unit: 'number' | 'duration' | 'bytes', text: string): number | null {
  if (unit === 'duration') return durationNs(text);
  if (unit === 'bytes') return byteSize(text);
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) ? null : value;
}

/**
 * Whether a row passes. A comparison with an absent label fails; a value that is no number keeps the line and
 * marks it `__error__="LabelFilterErr"`, as upstream does.
 */
export function passes(filter: LabelFilter, row: Row): boolean {
  switch (filter.kind) {
    case 'and':
      return passes(filter.left, row) && passes(filter.right, row);
    case 'or':
      return passes(filter.left, row) || passes(filter.right, row);
    case 'match':
      return filter.matcher.test(row.get(filter.matcher.name) ?? '');
    case 'compare': {
      const text = row.get(filter.name);
      if (text === undefined) return false;
      const value = numberOf(filter.unit, text);
      if (value !== null) return holds(filter.op, value, filter.value);
      row.fail('LabelFilterErr', `cannot compare ${JSON.stringify(text)} as a ${filter.unit}`);
      return true;
    }
  }
}
