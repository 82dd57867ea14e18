/** The closed list of ways a command or a view can refuse. `lib/http/problem.ts` maps each to one HTTP status. */
export const opsErrorCodes = [
  'invalid',
  'unauthenticated',
  'not-found',
  'forbidden',
  'conflict',
  'precondition',
  'limit',
  'unavailable',
  'internal',
] as const;
export type OpsErrorCode = (typeof opsErrorCodes)[number];

/** One wrong field of an input: a path of the form `regions[0].id`, and what is wrong with it. */
export type FieldError = { path: string; message: string };

/**
 * An error for people. `message` says what was blocked and why; `next` says what to do about it.
 * Neither may hold a secret or text that a stranger controls unescaped.
 */
export class OpsError extends Error {
  override readonly name = 'OpsError';
  readonly code: OpsErrorCode;
  readonly next: string | undefined;
  readonly fields: FieldError[];
  readonly retryable: boolean;

  constructor(
    code: OpsErrorCode,
    message: string,
    options: { next?: string; fields?: FieldError[]; retryable?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.next = options.next;
    this.fields = options.fields ?? [];
    this.retryable = options.retryable ?? code === 'unavailable';
  }
}

export const isOpsError = (error: unknown, code?: OpsErrorCode): error is OpsError =>
  error instanceof OpsError && (code === undefined || error.code === code);

/** The message of anything that was thrown, for logs; never shown to a person unasked. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What to do about an error, to stand behind a sentence; empty where it does not say. */
export const adviceOf = (error: unknown): string =>
  isOpsError(error) && error.next !== undefined ? ` ${error.next}` : '';

/** What an error says as a sentence, with what to do about it; `redact` takes out what nobody may read. */
export const sentenceOf = (error: unknown, redact: (text: string) => string = (text) => text): string =>
  `${redact(messageOf(error)).replace(/\.$/, '')}.${adviceOf(error)}`;
