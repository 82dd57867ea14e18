/** A refusal as Loki sends it: a status and one sentence of text/plain. Upstream never answers an error as JSON. */
export class LokiError extends Error {
  override readonly name = 'LokiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** 400 for a query that does not parse; `at` is a zero-based offset, null when the whole query is meant. */
export function parseError(query: string, at: number | null, detail: string): LokiError {
  if (at === null) return new LokiError(400, `parse error : ${detail}`);
  const before = query.slice(0, at).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return new LokiError(400, `parse error at line ${before.length}, col ${column}: ${detail}`);
}

/** 400 for what the real server can and this one cannot: named, so that nobody hunts for a typing error. */
export const unsupported = (what: string): LokiError =>
  new LokiError(400, `not supported by this server: ${what}`);

/** 400 for a query with more series than allowed. */
export const tooManySeries = (limit: number): LokiError =>
  new LokiError(
    400,
    `maximum number of series (${limit}) reached for a single query; consider reducing query cardinality by adding ` +
      'more specific stream selectors, reducing the time range, or aggregating results with functions like sum(), ' +
      'count() or topk()',
  );

/** 400 for a selector that would read every stream. */
export const emptySelector = (): LokiError =>
  new LokiError(
    400,
    'parse error : queries require at least one regexp or equality matcher that does not have an empty-compatible ' +
      'value. For instance, app=~".*" does not meet this requirement, but app=~".+" will',
  );
