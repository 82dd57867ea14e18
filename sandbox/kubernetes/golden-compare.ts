import { isJsonObject } from './object';
import type { Json, JsonObject } from './store';

/** Values that differ at every run, or that only one of two clusters knows. */
const VOLATILE = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'generation',
  'deletionTimestamp',
  'continue',
  'managedFields',
]);
/** Presence counts, the value does not. */
const PRESENCE = new Set(['remainingItemCount', 'serverAddress', 'Age', 'clusterIP']);

/** Differences between a recorded body and ours, as sentences with the path; empty when they are alike. */
export function differences(expected: Json, actual: Json, write: boolean): string[] {
  if (isJsonObject(expected) && isJsonObject(actual)) {
    if (expected['kind'] === 'Table') return tableDifferences(expected, actual);
    if (DISCOVERY.has(String(expected['kind'])))
      return ['kind', 'apiVersion', 'groupVersion'].flatMap((key) =>
        compare(expected[key] ?? null, actual[key] ?? null, key, false),
      );
    if (expected['kind'] === 'SelfSubjectRulesReview' || expected['kind'] === 'SelfSubjectReview') {
      return ['kind', 'apiVersion'].flatMap((key) =>
        compare(expected[key] ?? null, actual[key] ?? null, key, false),
      );
    }
  }
  return compare(expected, actual, '', write);
}

const DISCOVERY = new Set(['APIGroupList', 'APIResourceList', 'APIGroupDiscoveryList']);

function compare(expected: Json, actual: Json, path: string, write: boolean): string[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [`${path}: expected a list`];
    // The capture cut long lists: what is there must be alike.
    return expected.flatMap((item, index) =>
      index < actual.length
        ? compare(item, actual[index] ?? null, `${path}[${index}]`, write)
        : [`${path}[${index}] is missing`],
    );
  }
  if (isJsonObject(expected)) {
    if (!isJsonObject(actual)) return [`${path}: expected an object, got ${JSON.stringify(actual)}`];
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap((key) => compareKey(expected, actual, key, path, write));
  }
  if (
    typeof expected === 'string' &&
    typeof actual === 'string' &&
    withoutObject(expected) === withoutObject(actual)
  )
    return [];
  return expected === actual
    ? []
    : [`${path}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`];
}

/** Some messages quote the whole object; what is said about it is what counts. */
function withoutObject(text: string): string {
  return text.replace(/"\{\\"apiVersion.*\}"/s, '"{…}"');
}

function compareKey(
  expected: JsonObject,
  actual: JsonObject,
  key: string,
  path: string,
  write: boolean,
): string[] {
  const at = path === '' ? key : `${path}.${key}`;
  const wanted = expected[key];
  const got = actual[key];
  if (wanted === undefined && got === undefined) return [];
  // A write of a client shows the moment, a status that controllers wrote at that moment is not its work.
  if (write && (VOLATILE.has(key) || (key === 'status' && isJsonObject(wanted)))) return [];
  if (wanted === undefined)
    return key === 'managedFields' ? [] : [`${at}: not expected, got ${JSON.stringify(got)}`];
  if (got === undefined) return [`${at}: missing, expected ${JSON.stringify(wanted)}`];
  if (PRESENCE.has(key) || VOLATILE.has(key)) return [];
  return compare(wanted, got, at, write);
}

/** Columns by name, type and priority; a cell for each. The descriptions are upstream's prose. */
function tableDifferences(expected: JsonObject, actual: JsonObject): string[] {
  const columns = (table: JsonObject): Json =>
    (Array.isArray(table['columnDefinitions']) ? table['columnDefinitions'] : []).map((column) =>
      isJsonObject(column)
        ? `${String(column['name'])} ${String(column['type'])} ${String(column['priority'])}`
        : '',
    );
  const cells = (table: JsonObject): number => {
    const first = Array.isArray(table['rows']) ? table['rows'][0] : undefined;
    return isJsonObject(first) && Array.isArray(first['cells']) ? first['cells'].length : 0;
  };
  const out = compare(columns(expected), columns(actual), 'columnDefinitions', false);
  return cells(expected) === cells(actual)
    ? out
    : [...out, `rows: expected ${cells(expected)} cells, got ${cells(actual)}`];
}
