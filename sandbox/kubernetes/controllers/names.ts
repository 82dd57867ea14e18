import { createHash } from 'node:crypto';
import { isJsonObject } from '../object';
import type { Json } from '../store';

/** Letters of generated names: no vowels and no look-alikes, as in apimachinery's util/rand. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** `length` random letters; `random` as Math.random. */
export function randomSuffix(random: () => number, length = 5): string {
  let out = '';
  for (let i = 0; i < length; i += 1) out += ALPHABET[Math.floor(random() * ALPHABET.length)] ?? 'b';
  return out;
}

/**
 * Hash of a pod template for names and the label pod-template-hash: FNV-1a over the template with sorted
 * keys, its decimal digits written in the safe alphabet. The shape is upstream's, the value is not: that
 * one hashes Go structs.
 */
export function templateHash(template: Json, collisionCount: number): string {
  let hash = 0x811c9dc5;
  const text = `${sortedJson(template)}${collisionCount > 0 ? `#${collisionCount}` : ''}`;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return [...String(hash)].map((digit) => ALPHABET[digit.charCodeAt(0) % ALPHABET.length] ?? 'b').join('');
}

/** A digest that is the same for the same text, in hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function sortedJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const pairs = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${sortedJson(value[key] ?? null)}`);
  return `{${pairs.join(',')}}`;
}
