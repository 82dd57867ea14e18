import type { Served } from '../api/render';
import { ApiError, badRequest, type StatusCause } from '../api-error';
import { isJsonObject, isKubeObject } from '../object';
import { EVENTS_GROUP } from '../resources';
import type { Json, JsonObject, KubeObject } from '../store';
import { checkType, type FieldProblem } from './field-types';

export type FieldCheck = {
  /** The fieldValidation parameter: Ignore, Warn (the default) or Strict. */
  validation: string | null;
  /** A strategic merge patch is refused with the patch, any other patch with the patched object. */
  source: { kind: 'object' } | { kind: 'strategic'; patch: JsonObject } | { kind: 'patch' };
};

export type CheckedFields = { object: KubeObject; warnings: string[] };

/**
 * Prunes fields that the API type does not have and says so: warnings by default, an error with Strict.
 * A value of a wrong type is always an error, in the words that go with how the object came in.
 */
export function checkFields(served: Served, object: KubeObject, check: FieldCheck): CheckedFields {
  // Parsed again: the copy is plain JSON, and checkType prunes it.
  const copy: Json = JSON.parse(JSON.stringify(object));
  const problems = checkType(copy, typeName(served), '');
  const wrong = problems.find((problem) => problem.kind === 'type');
  if (wrong?.kind === 'type') throw typeError(served, object, wrong, check);
  const result = isKubeObject(copy) ? copy : object;
  const unknown = problems.map((problem) => `unknown field "${problem.path}"`);
  if (unknown.length === 0 || check.validation === 'Ignore') return { object: result, warnings: [] };
  if (check.validation === 'Strict') throw strictError(served, object, unknown, check);
  return { object: result, warnings: unknown };
}

/** Name of the model: versioned for built-in kinds; the two Event types have names of their own. */
function typeName(served: Served): string {
  const { kind, custom } = served.type;
  if (custom) return kind;
  if (kind === 'Event') return served.group === EVENTS_GROUP ? 'EventsV1Event' : 'CoreV1Event';
  return `V${served.version.slice(1)}${kind}`;
}

function typeError(
  served: Served,
  object: KubeObject,
  wrong: Extract<FieldProblem, { kind: 'type' }>,
  check: FieldCheck,
): ApiError {
  const { kind, custom, group } = served.type;
  if (custom) {
    const message = `Invalid value: "${wrong.got}": ${wrong.path} in body must be of type ${wrong.wanted}: "${wrong.got}"`;
    const rest =
      'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
    const causes = [
      { reason: 'FieldValueTypeInvalid', message, field: wrong.path },
      { reason: 'FieldValueInvalid', message: rest, field: '<nil>' },
    ];
    const { name } = object.metadata;
    const text = `${kind}.${group} "${name}" is invalid: [${wrong.path}: ${message}, <nil>: ${rest}]`;
    return new ApiError(422, 'Invalid', text, { name, group, kind, causes });
  }
  const struct = `json: cannot unmarshal ${wrong.got} into Go struct field ${kind}.${wrong.path} of type ${wrong.wanted}`;
  if (check.source.kind === 'strategic')
    return invalidPatch(goText(check.source.patch), `unrecognized type: ${wrong.wanted}`);
  if (check.source.kind === 'patch') return invalidPatch(JSON.stringify(object), struct);
  return cannotHandle(served, struct);
}

function strictError(served: Served, object: KubeObject, unknown: string[], check: FieldCheck): ApiError {
  const why = `strict decoding error: ${unknown.join(', ')}`;
  if (check.source.kind === 'strategic') return invalidPatch(goText(check.source.patch), why);
  if (check.source.kind === 'patch') return invalidPatch(JSON.stringify(object), why);
  return cannotHandle(served, why);
}

function cannotHandle(served: Served, why: string): ApiError {
  const { kind } = served.type;
  return badRequest(`${kind} in version "${served.version}" cannot be handled as a ${kind}: ${why}`);
}

function invalidPatch(value: string, why: string): ApiError {
  const message = `Invalid value: ${JSON.stringify(value)}: ${why}`;
  const causes: StatusCause[] = [{ reason: 'FieldValueInvalid', message, field: 'patch' }];
  return new ApiError(422, 'Invalid', ` "" is invalid: patch: ${message}`, { causes });
}

/** A value as Go prints it with %v: `map[spec:map[replicas:ten]]`. */
function goText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isJsonObject(value)) return value === null ? '<nil>' : String(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, item]) => `${key}:${goText(item)}`).join(' ')}]`;
}
