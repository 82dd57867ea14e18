import { LokiError } from './error';
import type { Call } from './http';

/** Tenant of all requests while authentication is off, as upstream calls it. */
export const singleTenant = 'fake';

/** The tenant of a request. Throws LokiError: 401 without one, 400 for a bad one, 500 for several. */
export function tenantOf(call: Call, auth: boolean): string {
  if (!auth) return singleTenant;
  const id = call.header('x-scope-orgid') ?? '';
  if (id === '') throw new LokiError(401, 'no org id\n');
  if (id.includes('|')) throw new LokiError(500, 'multiple org IDs present');
  const bad = /[^a-zA-Z0-9!\-_.*'()]/.exec(id)?.[0];
  if (bad !== undefined)
    throw new LokiError(400, `tenant ID '${id}' contains unsupported character '${bad}'`);
  if (id === '.' || id === '..') throw new LokiError(400, "tenant ID is '.' or '..'");
  return id;
}
