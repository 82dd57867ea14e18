import * as z from 'zod/mini';

const Text = z.string().check(z.maxLength(500));
const Count = z.int().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER));

/** Whether a copy of a database stays: why stands beside it as the reason of the entry. Times are RFC 3339. */
export const CopyStay = z.strictObject({
  copy: Text,
  object: Text,
  snapshot: z.optional(Text),
  deleteAfter: z.optional(Text),
  pin: z.optional(Text),
  letGoBy: z.optional(Text),
});
/** A run of retention that deleted nothing, or the person who let its copies go. */
export const Retention = z.strictObject({ copies: Count, of: z.optional(Count), ids: z.optional(Text) });

/** A rehearsed restore of a copy. */
export const Drill = z.strictObject({
  drill: Text,
  database: Text,
  object: z.optional(Text),
  cause: z.optional(Text),
  phase: z.optional(Text),
  tookMs: z.optional(Count),
  sentence: z.optional(Text),
});

/** A copy of a database; levels are those of the ladder, -1 where nothing is known. */
export const Copy = z.strictObject({
  database: Text,
  object: z.optional(Text),
  cause: z.optional(Text),
  job: z.optional(Text),
  bytes: z.optional(Count),
  sha256: z.optional(Text),
  level: z.optional(z.int().check(z.minimum(-1), z.maximum(5))),
  levelBefore: z.optional(z.int().check(z.minimum(-1), z.maximum(5))),
  sentence: z.optional(Text),
});

/** An archive of the configuration or of this log; `entries` counts files or entries, levels are as of copies. */
export const Archive = z.strictObject({
  kind: Text,
  object: Text,
  bytes: z.optional(Count),
  sha256: z.optional(Text),
  entries: z.optional(Count),
  level: z.optional(z.int().check(z.minimum(-1), z.maximum(4))),
  levelBefore: z.optional(z.int().check(z.minimum(-1), z.maximum(4))),
  sentence: z.optional(Text),
});

/** The load of a copy into the new database of a restore (`into`). */
export const Load = z.strictObject({
  load: Text,
  database: Text,
  into: Text,
  object: z.optional(Text),
  phase: z.optional(Text),
  tookMs: z.optional(Count),
  sentence: z.optional(Text),
});

/** A database that a restore had set aside, as its server names it. */
export const SetAside = z.strictObject({
  database: Text,
  serverName: Text,
  oid: Count,
  copy: z.optional(Text),
});
