import type { z } from 'zod';
import { expectationAt, keysAt } from './expectation';
import { didYouMean, nearest } from './suggest';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];
/** An error without its place: `key` is set where the key itself is wrong. */
export type Explained = { path: Path; key?: string; message: string; hint: string };

/** Errors of zod in words for people, with what would be right. `raw` is the document as it was read. */
export function explain(schema: z.ZodType, raw: unknown, issues: readonly Issue[]): Explained[] {
  const flat = issues.flatMap((issue) => branch(issue, []));
  const misspelt = new Set(flat.flatMap((issue) => meantKeys(schema, issue)));
  return flat.flatMap((issue) => {
    // A missing key whose misspelling is reported needs no second line.
    if (isMissing(raw, issue) && misspelt.has(issue.path.map(String).join('/'))) return [];
    return one(schema, raw, issue);
  });
}

/** Of a union that fits in no form, the errors of the form that came nearest. */
function branch(issue: Issue, prefix: Path): Issue[] {
  const path = [...prefix, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ ...issue, path }];
  const cost = (errors: readonly Issue[]) =>
    errors.reduce(
      (sum, error) =>
        sum +
        (error.code === 'unrecognized_keys' ? error.keys.length * 3 : error.code === 'invalid_type' ? 2 : 1) +
        // A text where a mapping is expected, or another text: not this form at all.
        (error.path.length > 0
          ? 0
          : error.code === 'invalid_type'
            ? 100
            : error.code === 'invalid_value'
              ? 50
              : 0),
      0,
    );
  const best = [...issue.errors].sort((left, right) => cost(left) - cost(right))[0] ?? [];
  return best.flatMap((error) => branch(error, path));
}

function meantKeys(schema: z.ZodType, issue: Issue): string[] {
  if (issue.code !== 'unrecognized_keys') return [];
  const known = keysAt(schema, issue.path);
  return issue.keys.flatMap((key) => {
    const near = nearest(key, known);
    return near === null ? [] : [[...issue.path, near].map(String).join('/')];
  });
}

function one(schema: z.ZodType, raw: unknown, issue: Issue): Explained[] {
  const path = issue.path;
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => ({
      path,
      key,
      message: `the key ${key} is unknown.`,
      hint: didYouMean(key, known),
    }));
  }
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)) {
    const known = issue.options.map(String);
    const given = valueAt(raw, path);
    return given === undefined
      ? [{ path, message: 'is missing.', hint: `Use one of ${known.join(', ')}.` }]
      : [{ path, message: `${shown(given, path)} is not allowed.`, hint: didYouMean(String(given), known) }];
  }
  if (issue.code === 'invalid_key') {
    const key = String(path.at(-1));
    return [
      {
        path: path.slice(0, -1),
        key,
        message: `the key ${key} is not valid.`,
        hint: `It ${issue.issues[0]?.message ?? 'has another form'}.`,
      },
    ];
  }
  const expected = expectationAt(schema, path);
  if (isMissing(raw, issue)) {
    return [{ path, message: 'is missing.', hint: expected === '' ? '' : `Expected: ${expected}.` }];
  }
  if (issue.code === 'invalid_value') {
    const known = issue.values.map(String);
    const given = valueAt(raw, path);
    return [
      { path, message: `${shown(given, path)} is not allowed.`, hint: didYouMean(String(given), known) },
    ];
  }
  if (issue.code === 'invalid_type') {
    return [
      {
        path,
        message: `${shown(valueAt(raw, path), path)} is of the wrong type.`,
        hint: `Expected: ${expected === '' ? issue.expected : expected}.`,
      },
    ];
  }
  const message = issue.message.startsWith('must')
    ? `${shown(valueAt(raw, path), path)} ${issue.message}.`
    : `${issue.message}.`;
  return [
    {
      path,
      message,
      hint: expected === '' || issue.message.startsWith('must be a duration') ? '' : `Expected: ${expected}.`,
    },
  ];
}

const isMissing = (raw: unknown, issue: Issue): boolean =>
  (issue.code === 'invalid_type' || issue.code === 'invalid_value') && valueAt(raw, issue.path) === undefined;

export function valueAt(raw: unknown, path: Path): unknown {
  let value = raw;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, part) ? Reflect.get(value, part) : undefined;
  }
  return value;
}

/** Where a secret may stand by mistake: what is there must not reach a terminal or a log. */
const secretKeys = new Set<PropertyKey>(['password', 'bearerToken', 'headers', 'webhooks']);

/** The URL of a database holds its password, and is easily written where the name of a file belongs. */
const isDatabaseUrl = (path: Path): boolean =>
  path[0] === 'databases' && path.some((part) => part === 'url' || part === 'scratch');

function shown(value: unknown, path: Path): string {
  if (isDatabaseUrl(path) || path.some((part) => secretKeys.has(part))) return 'the value';
  const text = typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? 'nothing');
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
