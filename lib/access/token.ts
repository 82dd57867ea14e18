import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * The text of a token: `sbx_`, the id of its row in hex, and 256 random bits in base64url. The id finds the row, so
 * that the secret part is never looked for in an index; of that part only SHA-256 is stored. A slow hash would add
 * nothing: there is no dictionary of random bits.
 */
const shape = /^sbx_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/;
const prefix = 'sbx_';
const SECRET_BYTES = 32;

export type TokenText = { id: string; secret: string };

/** A fresh secret and the hash to store. The text is made when the id of the row is known. */
export function newSecret(): { secret: string; hash: string } {
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { secret, hash: hashSecret(secret) };
}

export const tokenText = ({ id, secret }: TokenText): string =>
  `${prefix}${id.replaceAll('-', '')}_${secret}`;

/** The parts of a token; null when it is not written like one. */
export function parseToken(text: string): TokenText | null {
  const [, hex, secret] = shape.exec(text) ?? [];
  if (hex === undefined || secret === undefined) return null;
  return { id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'), secret };
}

/**
 * The token that an Authorization header carries, as text; null when it carries none of ours. A proxy in front may
 * send headers of its own (Basic, another service's Bearer): those are not for us.
 */
export function bearerOf(authorization: string | null): string | null {
  const [, text] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
  return text?.startsWith(prefix) ? text : null;
}

export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Stands in for the hash of a token that is not there, so that both cost the same. */
const nothing = '0'.repeat(64);

/** In constant time. A null hash never fits. */
export function secretFits(secret: string, hash: string | null): boolean {
  const same = timingSafeEqual(Buffer.from(hashSecret(secret), 'hex'), Buffer.from(hash ?? nothing, 'hex'));
  return same && hash !== null;
}
