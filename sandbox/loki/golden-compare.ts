type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Differences of shape between a captured body and ours: keys, types, and empty against not empty. */
export function shapeDifferences(expected: unknown, actual: unknown, at = '$'): string[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [`${at}: a list was expected`];
    if (expected.length === 0 || actual.length === 0) {
      return expected.length === actual.length
        ? []
        : [`${at}: ${expected.length} captured, ${actual.length} here`];
    }
    if (
      typeof expected[0] === 'string' &&
      expected.every((item) => typeof item === 'string') &&
      at === '$.data'
    ) {
      return expected
        .filter((item) => !actual.includes(item))
        .map((item) => `${at}: ${item} is not in the answer`);
    }
    if (isPoint(expected))
      return expected.flatMap((item, i) => shapeDifferences(item, actual[i], `${at}[${i}]`));
    return shapeDifferences(expected[0], actual[0], `${at}[0]`);
  }
  if (isObject(expected)) {
    if (!isObject(actual)) return [`${at}: an object was expected`];
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap((key) => keyDifferences(expected, actual, key, `${at}.${key}`));
  }
  return typeof expected === typeof actual
    ? []
    : [`${at}: ${typeof expected} captured, ${typeof actual} here`];
}

/** A pair or triple of a time, a value and, categorised, labels. */
const isPoint = (list: unknown[]): boolean =>
  list.length <= 3 &&
  (typeof list[0] === 'number' || typeof list[0] === 'string') &&
  typeof list[1] === 'string';

function keyDifferences(expected: Json, actual: Json, key: string, at: string): string[] {
  const captured = Object.hasOwn(expected, key);
  if (captured && Object.hasOwn(actual, key)) return shapeDifferences(expected[key], actual[key], at);
  if (key === 'stats') return captured ? [`${at}: missing here`] : [];
  return [`${at}: ${captured ? 'missing here' : 'not in the capture'}`];
}

/** Times of the first series of a matrix, as far as the capture keeps them. */
export function firstTimes(body: unknown): unknown[] {
  const data = isObject(body) ? body['data'] : null;
  if (!isObject(data) || data['resultType'] !== 'matrix' || !Array.isArray(data['result'])) return [];
  const series: unknown = data['result'][0];
  const values = isObject(series) ? series['values'] : null;
  return Array.isArray(values)
    ? values.slice(0, 3).map((point) => (Array.isArray(point) ? point[0] : null))
    : [];
}
