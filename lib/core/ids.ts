import * as z from 'zod/mini';

/** How a Slug is written, and what to say of a text that is not one. */
export const slugForm = {
  pattern: /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
  message: 'must be lower-case letters, digits and dashes (at most 63)',
} as const;

/** Names of services, environments, regions and clusters: an RFC 1123 label. */
export const Slug = z.string().check(z.regex(slugForm.pattern, slugForm.message));

/** A change as people name it: `c-214`. */
export const ChangeId = z.string().check(z.regex(/^c-[1-9]\d{0,8}$/, 'must look like c-214'));

export const changeNumber = (id: string): number => Number(id.slice(2));
export const changeId = (number: number): string => `c-${number}`;

/** A random identifier for rows, attempts and requests (UUID version 4). */
export const newId = (): string => crypto.randomUUID();
