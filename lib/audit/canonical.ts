import { createHash } from 'node:crypto';

/** Deeper values are refused: nothing we hash comes near it, and a stack must not be the limit. */
const DEPTH_MAX = 64;

/** `integers` is the audit log's rule (trust.md 2.2): a foreign verifier then needs no float printer. */
export type Numbers = 'ecmascript' | 'integers';

/**
 * Canonical JSON (RFC 8785): keys sorted by UTF-16 code units, ECMAScript numbers, minimal escapes, nothing
 * normalised. Members that are undefined are left out. Throws TypeError for what JSON cannot carry exactly:
 * lone surrogates, NaN, Infinity, BigInt, dates and other class instances, `__proto__` as a key.
 */
export function canonicalJson(value: unknown, numbers: Numbers = 'ecmascript'): string {
  return write(value, numbers, 0);
}

/** SHA-256 over the canonical JSON, in hex: the plan hash and the hash of a request. */
export function canonicalHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex');
}

function write(value: unknown, numbers: Numbers, depth: number): string {
  if (depth > DEPTH_MAX) throw new TypeError('Canonical JSON is nested too deeply.');
  switch (typeof value) {
    case 'string':
      return text(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      return number(value, numbers);
    case 'object':
      return composite(value, numbers, depth);
    default:
      throw new TypeError(`Canonical JSON cannot hold a value of type ${typeof value}.`);
  }
}

function composite(value: object | null, numbers: Numbers, depth: number): string {
  if (value === null) {
    if (numbers === 'integers') throw new TypeError('This canonical JSON holds no null.');
    return 'null';
  }
  if (Array.isArray(value)) return `[${value.map((item) => write(item, numbers, depth + 1)).join(',')}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError('Canonical JSON holds plain objects only.');
  }
  // Pairs are written by hand: JSON.stringify puts integer-like keys first whatever their order.
  const pairs = Object.entries(value).filter(([, member]) => member !== undefined);
  pairs.sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${pairs.map(([key, member]) => `${name(key)}:${write(member, numbers, depth + 1)}`).join(',')}}`;
}

function name(key: string): string {
  if (key === '__proto__') throw new TypeError('Canonical JSON refuses the key __proto__.');
  return text(key);
}

function text(value: string): string {
  if (!value.isWellFormed()) throw new TypeError('Canonical JSON refuses a lone surrogate.');
  return JSON.stringify(value);
}

function number(value: number, numbers: Numbers): string {
  if (!Number.isFinite(value)) throw new TypeError('Canonical JSON holds finite numbers only.');
  if (numbers === 'integers' && (!Number.isSafeInteger(value) || Object.is(value, -0))) {
    throw new TypeError('This canonical JSON holds safe integers only.');
  }
  return JSON.stringify(value);
}
