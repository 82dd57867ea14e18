import type { JsonObject } from '../store';
import { listAt, textAt, textMapAt, valueAt } from './read';

type Labels = { [key: string]: string };

/** True when the labels hold every pair of an equality selector; an empty selector matches nothing here. */
export function matchesLabels(selector: Labels, labels: Labels | undefined): boolean {
  const pairs = Object.entries(selector);
  return pairs.length > 0 && pairs.every(([key, value]) => labels?.[key] === value);
}

/** metav1.LabelSelector: matchLabels and matchExpressions together. An empty one matches everything. */
export function matchesSelector(selector: JsonObject, labels: Labels | undefined): boolean {
  const pairs = Object.entries(textMapAt(selector, 'matchLabels'));
  if (!pairs.every(([key, value]) => labels?.[key] === value)) return false;
  return listAt(selector, 'matchExpressions').every((expression) => {
    const value = labels?.[textAt(expression, 'key') ?? ''];
    const values = valueAt(expression, 'values');
    const listed = Array.isArray(values) && value !== undefined && values.includes(value);
    const operator = textAt(expression, 'operator');
    if (operator === 'In') return listed;
    if (operator === 'NotIn') return !listed;
    if (operator === 'Exists') return value !== undefined;
    return operator === 'DoesNotExist' && value === undefined;
  });
}
