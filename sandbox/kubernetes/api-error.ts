import type { JsonObject } from './store';

export type StatusCause = { reason?: string; message: string; field?: string };

/** `details` of a meta/v1 Status, in the key order in which the API server writes it. */
export type StatusDetails = {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
};

/**
 * An error that has a Kubernetes answer: `code` is the HTTP status, `reason` the machine word of meta/v1
 * Status (absent for internal errors), `meta` goes to `metadata` (a continue token for 410 on a list).
 */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string | undefined;
  readonly details: StatusDetails | undefined;
  readonly meta: JsonObject;

  constructor(
    code: number,
    reason: string | undefined,
    message: string,
    details?: StatusDetails,
    meta: JsonObject = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.reason = reason;
    this.details = details;
    this.meta = meta;
  }

  /** The meta/v1 Status body. */
  status(): JsonObject {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.meta,
      status: 'Failure',
      message: this.message,
      ...(this.reason === undefined ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: detailsJson(this.details) }),
      code: this.code,
    };
  }
}

function detailsJson(details: StatusDetails): JsonObject {
  const { causes, ...rest } = details;
  const out: JsonObject = { ...rest };
  if (causes) out['causes'] = causes.map((cause) => ({ ...cause }));
  return out;
}

/** `deployments.apps` → kind `deployments`, group `apps`; core resources have no group key. */
function kindDetails(resource: string, name?: string): StatusDetails {
  const dot = resource.indexOf('.');
  return {
    ...(name === undefined ? {} : { name }),
    ...(dot < 0 ? {} : { group: resource.slice(dot + 1) }),
    kind: dot < 0 ? resource : resource.slice(0, dot),
  };
}

/** 404 as the API server words it: `deployments.apps "x" not found`. */
export function notFound(resource: string, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${resource} "${name}" not found`, kindDetails(resource, name));
}

/** 409 AlreadyExists: `deployments.apps "x" already exists`. */
export function alreadyExists(resource: string, name: string): ApiError {
  return new ApiError(
    409,
    'AlreadyExists',
    `${resource} "${name}" already exists`,
    kindDetails(resource, name),
  );
}

/** 409 Conflict with the cause as text: stale resourceVersion, failed precondition. */
export function conflict(resource: string, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${resource} "${name}": ${why}`;
  return new ApiError(409, 'Conflict', message, kindDetails(resource, name));
}

/** 403 with the sentence that names who may not do what, and where. */
export function forbidden(resource: string, name: string, why: string): ApiError {
  const target = name === '' ? `${resource} is` : `${resource} "${name}" is`;
  return new ApiError(
    403,
    'Forbidden',
    `${target} forbidden: ${why}`,
    kindDetails(resource, name || undefined),
  );
}

/** 400 BadRequest. */
export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}
