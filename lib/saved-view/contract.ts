import * as z from 'zod/mini';
import { VIEW_NAME_MAX, VIEW_QUERY_MAX, viewPages } from './model';

/** One line of visible text: names stand in lists and in the audit log. */
const Name = z
  .string()
  .check(
    z.trim(),
    z.minLength(1, 'must not be empty'),
    z.maxLength(VIEW_NAME_MAX, `must have at most ${VIEW_NAME_MAX} characters`),
    z.regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, 'must be one line of visible characters'),
  );
/** Twice the stored length: it is spelled anew before it is measured. */
const Query = z
  .string()
  .check(
    z.maxLength(2 * VIEW_QUERY_MAX),
    z.describe('Of the address, such as state=exhausted&group=service'),
  );

/** A view that the reader saved, or that somebody shares. */
export const SavedView = z.object({
  id: z.uuid(),
  page: z.enum(viewPages),
  name: z.string(),
  query: z.string(),
  shared: z.boolean(),
  owner: z.string(),
  isMine: z.boolean(),
  mayChange: z.boolean().check(z.describe('Whether the reader may rename, share and delete it')),
  updatedAt: z.iso.datetime(),
});
export type SavedView = z.infer<typeof SavedView>;

/** GET /api/v1/views?page= : those of the reader, then those that others share, by name */
export const SavedViews = z.object({ views: z.array(SavedView) });
export type SavedViews = z.infer<typeof SavedViews>;

export const SavedViewsQuery = z.object({ page: z.enum(viewPages) });

/** POST /api/v1/views */
export const SaveView = z.strictObject({
  page: z.enum(viewPages),
  name: Name,
  query: Query,
  shared: z._default(z.boolean(), false),
});
export type SaveView = z.infer<typeof SaveView>;

/** POST /api/v1/views/{view}: what is left out stays. */
export const ChangeView = z.strictObject({
  name: z.optional(Name),
  query: z.optional(Query),
  shared: z.optional(z.boolean()),
});
export type ChangeView = z.infer<typeof ChangeView>;
