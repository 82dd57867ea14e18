import { badRequest } from '../api-error';
import { isJsonObject } from '../object';
import type { ResourceType } from '../resources';
import type { KubeObject } from '../store';

export type Match = (object: KubeObject) => boolean;

type Labels = { [key: string]: string };
type Requirement = (labels: Labels) => boolean;

/**
 * Label selector in the string form of the API (`a=b,c!=d,e in (f,g),h notin (i),j,!k,l>3`).
 * Throws 400 with the API server's own words for the cases that were observed.
 */
export function labelMatcher(selector: string | null): Match | null {
  if (selector === null || selector.trim() === '') return null;
  const requirements = splitRequirements(selector).map(parseRequirement);
  return (object) => {
    const labels = object.metadata.labels ?? {};
    return requirements.every((matches) => matches(labels));
  };
}

/** Commas inside parentheses belong to a set, not between requirements. */
function splitRequirements(selector: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const char of selector) {
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if (char === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else part += char;
  }
  return [...parts, part];
}

const KEY = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

function parseRequirement(text: string): Requirement {
  const part = text.trim();
  const set = /^(\S+)\s+(in|notin)\s*\((.*)$/s.exec(part);
  if (set) return parseSet(set[1] ?? '', set[2] === 'in', set[3] ?? '');
  const compared = /^([^=!<>\s]+)\s*(==|!=|=|<|>)\s*(.*)$/.exec(part);
  if (compared) return comparison(checkKey(compared[1] ?? ''), compared[2] ?? '', (compared[3] ?? '').trim());
  const negated = part.startsWith('!');
  const key = checkKey(negated ? part.slice(1).trim() : part);
  return negated ? (labels) => labels[key] === undefined : (labels) => labels[key] !== undefined;
}

function parseSet(key: string, positive: boolean, rest: string): Requirement {
  checkKey(key);
  const end = rest.indexOf(')');
  if (end < 0) throw badRequest(`unable to parse requirement: found '', expected: ',', ')' or identifier`);
  const values = new Set(
    rest
      .slice(0, end)
      .split(',')
      .map((value) => value.trim()),
  );
  return (labels) => {
    const value = labels[key];
    return positive ? value !== undefined && values.has(value) : value === undefined || !values.has(value);
  };
}

function comparison(key: string, operator: string, value: string): Requirement {
  if (operator === '!=') return (labels) => labels[key] !== value;
  if (operator === '>') return (labels) => Number(labels[key]) > Number(value);
  if (operator === '<') return (labels) => Number(labels[key]) < Number(value);
  return (labels) => labels[key] === value;
}

function checkKey(key: string): string {
  if (KEY.test(key)) return key;
  throw badRequest(
    `unable to parse requirement: <nil>: Invalid value: "${key}": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
  );
}

/** Field selector `a=b,c!=d`; fields that the resource does not support are 400. */
export function fieldMatcher(type: ResourceType, selector: string | null): Match | null {
  if (selector === null || selector.trim() === '') return null;
  const supported = [
    'metadata.name',
    ...(type.namespaced ? ['metadata.namespace'] : []),
    ...type.fieldSelectors,
  ];
  const terms = selector.split(',').map((term) => {
    const parsed = /^([^=!]+)(==|!=|=)(.*)$/.exec(term.trim());
    if (!parsed) throw badRequest(`invalid selector: '${selector}'; can't understand '${term}'`);
    const [, field = '', operator, value = ''] = parsed;
    if (!supported.includes(field)) throw unknownField(type, field);
    return { path: pathOf(field), equal: operator !== '!=', value };
  });
  return (object) => terms.every(({ path, equal, value }) => (fieldValue(object, path) === value) === equal);
}

function unknownField(type: ResourceType, field: string): Error {
  if (type.fieldSelectors.length > 0) return badRequest(`field label not supported: ${field}`);
  const names = type.namespaced ? '"metadata.name", "metadata.namespace"' : '"metadata.name"';
  return badRequest(`"${field}" is not a known field selector: only ${names}`);
}

function pathOf(field: string): string[] {
  if (field === 'reportingComponent') return ['reportingComponent'];
  if (field === 'source') return ['source', 'component'];
  return field.split('.');
}

/** Absent fields compare as the empty string, booleans as true and false. */
function fieldValue(object: KubeObject, path: string[]): string {
  let value: unknown = object;
  for (const segment of path) value = isJsonObject(value) ? value[segment] : undefined;
  return value === undefined || value === null ? '' : String(value);
}
