import 'server-only';
import { hash, verify } from '@node-rs/argon2';
import { z } from 'zod';

/** OWASP's Argon2id parameters (19 MiB, two passes); Argon2id is the library's default algorithm. */
const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The upper bound keeps a huge body from becoming work. */
export const Password = z
  .string()
  .min(12, 'must have at least 12 characters')
  .max(200, 'must have at most 200 characters');

export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFKC'), options);

let decoy: Promise<string> | undefined;

/**
 * Whether the password fits. Without a stored hash the same work is done on a decoy and the answer is no, so that
 * an unknown account takes as long as a wrong password.
 */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword(crypto.randomUUID());
  const fits = await verify(stored ?? (await decoy), password.slice(0, 200).normalize('NFKC')).catch(
    () => false,
  );
  return stored !== null && fits;
}
