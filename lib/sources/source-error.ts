import { messageOf } from '@/lib/core/errors';
import { missing, type Reading, type ReadingReason, stale } from '@/lib/core/reading';

/**
 * Why a source did not answer. `message` is a sentence for people, without secrets; `status` is the HTTP
 * status where there was one, `answer` the server's own words about a bad question.
 */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly reason: ReadingReason;
  readonly status: number | undefined;
  readonly answer: string | undefined;

  constructor(
    reason: ReadingReason,
    message: string,
    options: { status?: number | undefined; answer?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.reason = reason;
    this.status = options.status;
    this.answer = options.answer;
  }

  /** True when the question was wrong (400, 422), not the server. */
  get isBadQuestion(): boolean {
    return this.status === 400 || this.status === 422;
  }
}

/** The answer was refused for its size, by us or by the server: asking for less may succeed. */
export class AnswerTooLarge extends SourceError {}

/** Anything that was thrown while reading a source, as the reason a reading carries. */
export function toSourceError(error: unknown, source: string): SourceError {
  if (error instanceof SourceError) return error;
  return new SourceError('unreachable', `${source} could not be read: ${messageOf(error)}.`, {
    cause: error,
  });
}

/** What is known after a failed read: the last value with its age, or nothing. */
export function readingAfter<T>(last: Reading<T> | undefined, error: SourceError): Reading<T> {
  if (last === undefined || last.state === 'missing') return missing(error.reason, error.message);
  return stale(last.value, last.observedAt, error.reason, error.message);
}

type Coded = { code?: unknown; cause?: unknown };
const isCoded = (value: unknown): value is Coded => typeof value === 'object' && value !== null;

/** The code of a socket or TLS error, looked for through the causes. */
export function errorCode(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; isCoded(at) && depth < 5; at = at.cause, depth++) {
    if (typeof at.code === 'string') return at.code;
  }
  return undefined;
}

const timeouts = ['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'];
const tls = /^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO|ERR_OSSL)/;

/** A transport failure as a SourceError; `name` is what people call the server, `seconds` its time-out. */
export function transportError(error: unknown, name: string, seconds: number): SourceError {
  if (error instanceof SourceError) return error;
  const code = errorCode(error);
  const aborted = error instanceof Error && error.name === 'TimeoutError';
  if (aborted || (code !== undefined && timeouts.includes(code))) {
    return new SourceError('timeout', `${name} did not answer within ${seconds} s.`, { cause: error });
  }
  const words: Record<string, string> = {
    ECONNREFUSED: 'refuses connections',
    ENOTFOUND: 'has a host name that cannot be resolved',
    EAI_AGAIN: 'has a host name that cannot be resolved now',
    ECONNRESET: 'cut the connection',
    UND_ERR_SOCKET: 'cut the connection',
    EPIPE: 'cut the connection',
    EHOSTUNREACH: 'cannot be reached over the network',
    ENETUNREACH: 'cannot be reached over the network',
  };
  if (code !== undefined && words[code] !== undefined) {
    return new SourceError('unreachable', `${name} ${words[code]}.`, { cause: error });
  }
  if (code !== undefined && tls.test(code)) {
    return new SourceError('unreachable', `${name} has a TLS certificate that is not trusted (${code}).`, {
      cause: error,
    });
  }
  return new SourceError('unreachable', `${name} cannot be reached (${code ?? messageOf(error)}).`, {
    cause: error,
  });
}

/** An HTTP status as a SourceError; `answer` is the server's sentence, cut to a length fit for a page. */
export function statusError(name: string, status: number, answer?: string): SourceError {
  const said = answer === undefined || answer === '' ? '' : `: ${answer.slice(0, 300)}`;
  const options = { status, answer: answer?.slice(0, 2000) };
  if (status === 401 || status === 403) {
    return new SourceError(
      'unauthorised',
      `${name} refuses our credentials (HTTP ${status})${said}.`,
      options,
    );
  }
  if (status === 503 || status === 504 || status === 502) {
    return new SourceError('unreachable', `${name} is not ready (HTTP ${status})${said}.`, options);
  }
  if (status >= 300 && status < 400) {
    const message = `${name} redirects (HTTP ${status}), which is not followed; the configured URL must be the final one.`;
    return new SourceError('bad-response', message, options);
  }
  return new SourceError('bad-response', `${name} answered HTTP ${status}${said}.`, options);
}
