import type { Extraction } from '../logql/ast';
import type { Row } from './row';

type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const own = (value: JsonObject, key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined);

const cleaned = new Map<string, string>();

/** A key as a label name; the same few keys come with every line, so the answers are kept. */
function labelName(key: string): string {
  const known = cleaned.get(key);
  if (known !== undefined) return known;
  const clean = key.replace(/[^a-zA-Z0-9_]/g, '_');
  const name = /^\d/.test(clean) ? `_${clean}` : clean;
  if (cleaned.size < 10_000) cleaned.set(key, name);
  return name;
}

const jsonDetails = "Value looks like object, but can't find closing '}' symbol";

function parseObject(line: string): JsonObject | null {
  if (line.charCodeAt(0) !== 123 && !/^\s*\{/.test(line)) return null;
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function flatten(row: Row, value: JsonObject, prefix: string): void {
  for (const key in value) {
    const inner = value[key];
    const name = prefix === '' ? labelName(key) : `${prefix}_${labelName(key)}`;
    if (typeof inner === 'string') row.extract(name, inner);
    else if (typeof inner === 'number' || typeof inner === 'boolean') row.extract(name, String(inner));
    else if (isObject(inner)) flatten(row, inner, name);
  }
}

function lookUp(value: unknown, expression: string): unknown {
  let found = value;
  for (const [, key, index, quoted] of expression.matchAll(
    /([\w-]+)(?![\w-]*"\])|\[(\d+)\]|\["([^"]+)"\]/g,
  )) {
    if (index !== undefined) found = Array.isArray(found) ? found[Number(index)] : undefined;
    else found = isObject(found) ? own(found, quoted ?? key ?? '') : undefined;
  }
  return found;
}

/** `| json`: every scalar of the object, nested names joined by `_`; or the named expressions only. */
export function parseJson(row: Row, fields: readonly Extraction[]): void {
  const value = parseObject(row.line);
  if (value === null) {
    row.fail('JSONParserErr', jsonDetails);
    return;
  }
  if (fields.length === 0) flatten(row, value, '');
  for (const { name, expression } of fields) {
    const found = lookUp(value, expression);
    if (found === undefined || found === null) continue;
    row.extract(name, typeof found === 'object' ? JSON.stringify(found) : String(found));
  }
}

const pair = /([^\s="]+)(?:=(?:"((?:\\.|[^"\\])*)"|([^\s"]*)))?/g;

/** `| logfmt`: `key=value` and `key="quoted value"`; a key without value is dropped, as upstream does. */
export function parseLogfmt(row: Row, fields: readonly Extraction[], strict: boolean): void {
  const found = new Map<string, string>();
  for (const [, key, quoted, bare] of row.line.matchAll(pair)) {
    const value =
      quoted === undefined ? bare : quoted.replace(/\\(.)/g, (_, char) => (char === 'n' ? '\n' : char));
    if (key !== undefined && value !== undefined) found.set(labelName(key), value);
  }
  if (strict && (row.line.split('"').length - 1) % 2 === 1) {
    row.fail('LogfmtParserErr', 'logfmt syntax error: unterminated quoted value');
    return;
  }
  if (fields.length === 0) for (const [name, value] of found) row.extract(name, value);
  else for (const { name, expression } of fields) row.extract(name, found.get(expression) ?? '');
}
