import { isOpsError, messageOf } from '@/lib/core/errors';
import type { ReadingReason } from '@/lib/core/reading';
import { SourceError, statusError } from '../source-error';
import { ErrorAnswer } from './schema';

export type RegistryFailure =
  | 'unauthorised'
  | 'not-found'
  | 'unreachable'
  | 'timeout'
  | 'rate-limited'
  | 'bad-response'
  | 'not-configured';

/** Why a registry did not say what a tag stands for. `message` is a sentence for people, without secrets. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly failure: RegistryFailure;
  /** As the registry asks: when to come back. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    failure: RegistryFailure,
    message: string,
    options: { retryAfterSeconds?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.failure = failure;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

const failures: Record<ReadingReason, RegistryFailure> = {
  unreachable: 'unreachable',
  timeout: 'timeout',
  unauthorised: 'unauthorised',
  'bad-response': 'bad-response',
  'no-series': 'bad-response',
  'too-late': 'bad-response',
  'not-configured': 'not-configured',
};

/** Anything that was thrown while a registry was asked. `name` is what people call it, `seconds` its time-out. */
export function toRegistryError(error: unknown, name: string, seconds: number): RegistryError {
  if (error instanceof RegistryError) return error;
  if (error instanceof SourceError) {
    return new RegistryError(failures[error.reason], error.message, { cause: error });
  }
  if (isOpsError(error)) return new RegistryError('not-configured', error.message, { cause: error });
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')) {
    return new RegistryError('timeout', `${name} did not answer within ${seconds} s.`, { cause: error });
  }
  return new RegistryError('unreachable', `${name} could not be read: ${messageOf(error)}.`, {
    cause: error,
  });
}

type Refused = { status: number; text: string; header: (name: string) => string | undefined };

/** What an answer that is none says: an OCI error body where there is one, else the status. */
export function refusal(name: string, { status, text, header }: Refused, nowMs: number): RegistryError {
  if (status === 429) {
    const seconds = retryAfter(header('retry-after'), nowMs);
    const when = seconds === undefined ? '' : ` It asks to come back in ${seconds} s.`;
    const message = `${name} has had too many requests from here (HTTP 429).${when}`;
    return new RegistryError('rate-limited', message, { retryAfterSeconds: seconds });
  }
  const said = firstError(text)?.message;
  const error = statusError(name, status, said);
  return new RegistryError(failures[error.reason], error.message, { cause: error });
}

/** The first error of an OCI error body (distribution specification, "Error Codes"). */
export function firstError(text: string): { code: string; message: string } | undefined {
  try {
    return ErrorAnswer.safeParse(JSON.parse(text)).data?.errors[0];
  } catch {
    // A proxy's page: its text is of no use to a person.
    return undefined;
  }
}

/** Seconds from `Retry-After`, which holds seconds or a date (RFC 9110, 10.2.3). */
function retryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - nowMs) / 1000));
}
