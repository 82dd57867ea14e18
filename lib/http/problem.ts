import 'server-only';
import type { z } from 'zod';
import { type FieldError, isOpsError, OpsError, type OpsErrorCode } from '@/lib/core/errors';
import { pathOf } from '@/lib/core/path';
import { databaseFailure } from '@/lib/db/failure';
import type { Problem } from './contract';

const kinds: Record<OpsErrorCode, { status: number; title: string }> = {
  invalid: { status: 422, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'Not signed in' },
  'not-found': { status: 404, title: 'Not found' },
  forbidden: { status: 403, title: 'Not allowed' },
  conflict: { status: 409, title: 'Somebody was faster' },
  precondition: { status: 409, title: 'Not possible now' },
  limit: { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'Not available now' },
  internal: { status: 500, title: 'Something went wrong here' },
};

/** A refusal of the request itself that has an HTTP status of its own: 400, 413, 415, or 422 for a reused key. */
export class RequestRefused extends OpsError {
  readonly status: number;
  constructor(
    status: number,
    code: OpsErrorCode,
    message: string,
    options: { next?: string; retryable?: boolean } = {},
  ) {
    super(code, message, options);
    this.status = status;
  }
}

export const fieldsOf = (error: z.core.$ZodError): FieldError[] =>
  error.issues.slice(0, 50).map((issue) => ({ path: pathOf(issue.path), message: issue.message }));

export const databaseDown = (cause?: unknown): OpsError =>
  new OpsError('unavailable', 'The database does not answer.', {
    next: 'Nothing was changed. Open pages keep their last values; try again in a moment.',
    cause,
  });

/** Any thrown thing as an error for people. What is not meant for them becomes `internal` without its text. */
export function toOpsError(error: unknown): OpsError {
  if (isOpsError(error)) return error;
  switch (databaseFailure(error)) {
    case 'down':
      return databaseDown(error);
    case 'unique':
    case 'busy':
      return new OpsError('conflict', 'Somebody changed the same thing at the same moment.', {
        next: 'Look at the current state and try again.',
        retryable: true,
        cause: error,
      });
    case 'bad-value':
      return new OpsError('invalid', 'A value of the request does not fit.', { cause: error });
    default:
      return new OpsError('internal', 'The request failed for a reason that is in the log.', {
        next: 'Try again; when it happens again, name the request id to whoever runs Signalbox.',
        cause: error,
      });
  }
}

/** The body and the status of the answer to an error. Never holds the text of an unknown error. */
export function toProblem(error: unknown, requestId: string): Problem {
  const known = toOpsError(error);
  const { status, title } = kinds[known.code];
  return {
    type: `urn:signalbox:problem:${known.code}`,
    title,
    status: known instanceof RequestRefused ? known.status : status,
    detail: known.message,
    code: known.code,
    ...(known.next === undefined ? {} : { next: known.next }),
    fields: known.fields,
    retryable: known.retryable,
    requestId,
  };
}
