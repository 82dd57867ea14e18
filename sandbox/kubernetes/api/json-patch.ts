import { ApiError, badRequest } from '../api-error';
import { cloneJson, equalJson, isJsonObject } from '../object';
import type { Json } from '../store';

/** A failed `test` and a path that is not there are one and the same answer on a real server. */
function rejected(): ApiError {
  return new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}

/** RFC 6902. Throws 422 for an operation that cannot be done, 400 for something that is no JSON patch. */
export function applyJsonPatch(document: Json, operations: unknown): Json {
  if (!Array.isArray(operations)) {
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    );
  }
  let result = cloneJson(document);
  for (const operation of operations) result = applyOperation(result, operation);
  return result;
}

function applyOperation(document: Json, operation: unknown): Json {
  if (!isJsonObject(operation)) throw rejected();
  const path = pointer(operation['path']);
  const value = operation['value'];
  switch (operation['op']) {
    case 'test':
      if (!equalJson(read(document, path), value ?? null)) throw rejected();
      return document;
    case 'add':
      return write(document, path, value ?? null, 'add');
    case 'replace':
      read(document, path);
      return write(document, path, value ?? null, 'replace');
    case 'remove':
      return remove(document, path);
    case 'copy':
      return write(document, path, cloneJson(read(document, pointer(operation['from']))), 'add');
    case 'move': {
      const from = pointer(operation['from']);
      const moved = read(document, from);
      return write(remove(document, from), path, moved, 'add');
    }
    default:
      throw rejected();
  }
}

function pointer(path: unknown): string[] {
  if (typeof path !== 'string' || (path !== '' && !path.startsWith('/'))) throw rejected();
  const segments = path.split('/').slice(1);
  return segments.map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(document: Json, path: string[]): Json {
  let value: Json = document;
  for (const segment of path) value = child(value, segment);
  return value;
}

function child(value: Json, segment: string): Json {
  const found = Array.isArray(value)
    ? value[indexOf(value, segment)]
    : isJsonObject(value)
      ? value[segment]
      : undefined;
  if (found === undefined) throw rejected();
  return found;
}

function write(document: Json, path: string[], value: Json, mode: 'add' | 'replace'): Json {
  const last = path.at(-1);
  if (last === undefined) return value;
  const parent = read(document, path.slice(0, -1));
  if (Array.isArray(parent)) {
    if (mode === 'replace') parent[indexOf(parent, last)] = value;
    else parent.splice(last === '-' ? parent.length : indexOf([...parent, null], last), 0, value);
  } else if (isJsonObject(parent)) parent[last] = value;
  else throw rejected();
  return document;
}

function remove(document: Json, path: string[]): Json {
  const last = path.at(-1);
  if (last === undefined) throw rejected();
  const parent = read(document, path.slice(0, -1));
  child(parent, last);
  if (Array.isArray(parent)) parent.splice(indexOf(parent, last), 1);
  else if (isJsonObject(parent)) delete parent[last];
  return document;
}

function indexOf(list: Json[], segment: string): number {
  const index = /^(0|[1-9]\d*)$/.test(segment) ? Number(segment) : -1;
  if (index < 0 || index >= list.length) throw rejected();
  return index;
}
