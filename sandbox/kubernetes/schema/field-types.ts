// The models alone: the whole client would cost four times the memory and start-up time.
import * as models from '@kubernetes/client-node/dist/gen/models/all.js';
import { isJsonObject } from '../object';
import type { Json } from '../store';
import { CUSTOM_TYPES } from './custom-types';

export type FieldProblem =
  | { path: string; kind: 'unknown' }
  | { path: string; kind: 'type'; wanted: string; got: string };

type FieldTypes = Map<string, string>;

const known = new Map<string, FieldTypes | null>();

/**
 * Field names and types of an API type by its model name (`V1DeploymentSpec`), from the generated models
 * of the client library; null for a name that is no object type.
 */
function fieldTypes(name: string): FieldTypes | null {
  let fields = known.get(name);
  if (fields === undefined) {
    fields = CUSTOM_TYPES[name] ? new Map(Object.entries(CUSTOM_TYPES[name])) : modelFields(name);
    known.set(name, fields);
  }
  return fields;
}

function modelFields(name: string): FieldTypes | null {
  const model: unknown = Object.entries(models).find(([key]) => key === name)?.[1];
  if (typeof model !== 'function' || !('getAttributeTypeMap' in model)) return null;
  const read = model.getAttributeTypeMap;
  const map: unknown = typeof read === 'function' ? Reflect.apply(read, model, []) : null;
  if (!Array.isArray(map)) return null;
  const entries = map.flatMap((entry: unknown): [string, string][] => {
    if (!isJsonObject(entry)) return [];
    const { baseName, type, format } = entry;
    if (typeof baseName !== 'string' || typeof type !== 'string') return [];
    return [[baseName, type === 'number' ? String(format || 'int32') : type]];
  });
  return new Map(entries);
}

/**
 * Compares a value with a type: unknown fields (deleted from the value, as the API server prunes them) and
 * values of a wrong type.
 */
export function checkType(value: Json, type: string, path: string): FieldProblem[] {
  if (value === null) return [];
  const list = /^Array<(.*)>$/.exec(type);
  if (list) {
    if (!Array.isArray(value)) return [problem(value, '[]', path)];
    return value.flatMap((item, index) => checkType(item, list[1] ?? '', `${path}[${index}]`));
  }
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type);
  if (map) {
    if (!isJsonObject(value)) return [problem(value, 'map', path)];
    return Object.entries(value).flatMap(([key, item]) => checkType(item, map[1] ?? '', `${path}.${key}`));
  }
  const scalar = scalarProblem(value, type, path);
  if (scalar !== undefined) return scalar;
  const fields = fieldTypes(type);
  if (!fields) return [];
  if (!isJsonObject(value)) return [problem(value, type, path)];
  const problems: FieldProblem[] = [];
  for (const [key, item] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    const wanted = fields.get(key);
    if (wanted !== undefined) problems.push(...checkType(item, wanted, at));
    else {
      problems.push({ path: at, kind: 'unknown' });
      delete value[key];
    }
  }
  return problems;
}

/** undefined when the type is no scalar. */
function scalarProblem(value: Json, type: string, path: string): FieldProblem[] | undefined {
  switch (type) {
    case 'string':
    case 'Date':
    case 'V1MicroTime':
      return typeof value === 'string' ? [] : [problem(value, 'string', path)];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [problem(value, 'bool', path)];
    case 'IntOrString':
      return typeof value === 'string' || typeof value === 'number'
        ? []
        : [problem(value, 'intstr.IntOrString', path)];
    case 'int32':
    case 'int64':
    case 'integer':
      return Number.isInteger(value) ? [] : [problem(value, type, path)];
    case 'double':
      return typeof value === 'number' ? [] : [problem(value, 'float64', path)];
    default:
      return undefined;
  }
}

function problem(value: Json, wanted: string, path: string): FieldProblem {
  const got = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  return { path, kind: 'type', wanted, got };
}
