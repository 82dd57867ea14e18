import { ApiError } from '../api-error';
import { isJsonObject } from '../object';
import { decodeOptional } from './body';
import type { ApiRequest } from './request';

type OptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions';

export type DeleteOptions = {
  dryRun: boolean;
  gracePeriodSeconds: number | null;
  propagationPolicy: string;
  uid: string | null;
  resourceVersion: string | null;
};

/** The dryRun parameter. Throws 422 for any value but `All`. */
export function isDryRun(request: ApiRequest, kind: OptionsKind): boolean {
  return checkDryRun(request.query.getAll('dryRun'), kind);
}

function checkDryRun(values: string[], kind: OptionsKind): boolean {
  if (values.length === 0) return false;
  if (values.every((value) => value === 'All')) return true;
  const message = `Unsupported value: ${JSON.stringify(values)}: supported values: "All"`;
  const details = {
    group: 'meta.k8s.io',
    kind,
    causes: [{ reason: 'FieldValueNotSupported', message, field: 'dryRun' }],
  };
  throw new ApiError(422, 'Invalid', `${kind}.meta.k8s.io "" is invalid: dryRun: ${message}`, details);
}

/** Options of a delete, from the body when there is one, else from the query. */
export function deleteOptions(request: ApiRequest): DeleteOptions {
  const body = decodeOptional(request);
  if (body) return optionsOf(body);
  const { query } = request;
  const grace = query.get('gracePeriodSeconds');
  return {
    dryRun: isDryRun(request, 'DeleteOptions'),
    gracePeriodSeconds: grace === null ? null : Number(grace),
    propagationPolicy: query.get('propagationPolicy') ?? 'Background',
    uid: null,
    resourceVersion: null,
  };
}

/** DeleteOptions in an object (a delete's body, `deleteOptions` of an eviction). */
export function optionsOf(body: unknown): DeleteOptions {
  const options = isJsonObject(body) ? body : {};
  const { dryRun, gracePeriodSeconds: grace, propagationPolicy: policy, preconditions } = options;
  const conditions = isJsonObject(preconditions) ? preconditions : {};
  const { uid, resourceVersion } = conditions;
  return {
    dryRun: checkDryRun(Array.isArray(dryRun) ? dryRun.map(String) : [], 'DeleteOptions'),
    gracePeriodSeconds: typeof grace === 'number' ? grace : null,
    propagationPolicy: typeof policy === 'string' ? policy : 'Background',
    uid: typeof uid === 'string' ? uid : null,
    resourceVersion: typeof resourceVersion === 'string' ? resourceVersion : null,
  };
}
