/**
 * How a call of a cluster failed. `refused` is 401/403, `invalid` 422/400, `conflict` a stale resourceVersion,
 * `busy` 429, `failing` 5xx; with `unreachable` and `timeout` nobody knows whether a write was committed.
 */
export type ClusterFailure =
  | 'unreachable'
  | 'timeout'
  | 'refused'
  | 'not-found'
  | 'conflict'
  | 'invalid'
  | 'busy'
  | 'failing'
  | 'bad-response';

export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  readonly failure: ClusterFailure;
  readonly status: number | null;
  readonly retryAfterSeconds: number | null;

  constructor(
    failure: ClusterFailure,
    message: string,
    options: { status?: number; retryAfterSeconds?: number | null; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.failure = failure;
    this.status = options.status ?? null;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}

export const isClusterError = (error: unknown, failure?: ClusterFailure): error is ClusterError =>
  error instanceof ClusterError && (failure === undefined || error.failure === failure);

/** Failures that may pass by themselves: the caller looks again before it does anything. */
export const isPassing = (error: ClusterError): boolean =>
  ['unreachable', 'timeout', 'busy', 'failing'].includes(error.failure);

/** The failure that an HTTP status stands for. */
export function failureOf(status: number, reason: string): ClusterFailure {
  if (status === 401 || status === 403) return 'refused';
  if (status === 404) return 'not-found';
  if (status === 409) return 'conflict';
  if (status === 429) return 'busy';
  if (status >= 500 || reason === 'Timeout') return 'failing';
  return 'invalid';
}
