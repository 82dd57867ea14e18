import 'server-only';
import { z } from 'zod';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Count = z.int().min(0);

/** A file as it lies in the archive (`name`) and lay where the worker runs (`path`). */
const File = z.strictObject({ name: z.string(), path: z.string(), bytes: Count, sha256: Sha256 });

/** `manifest.json` of an archive of the configuration. It has no time: the same configuration is the same bytes. */
export const ConfigurationManifest = z.strictObject({
  v: z.literal(1),
  kind: z.literal('configuration'),
  program: z.string(),
  /** Name of signalbox.yaml in the archive. */
  configuration: z.string(),
  files: z.array(File).min(1),
  /** Files and variables that hold secrets: they are named, and their contents are nowhere. */
  secrets: z.array(z.string()),
});
export type ConfigurationManifest = z.infer<typeof ConfigurationManifest>;

/** The log up to an entry: how many there are, the tree over them, and the hash of the last one (trust.md 2.3). */
export const LogPoint = z.strictObject({
  size: Count,
  root: Sha256,
  frontier: z.string().regex(/^([0-9a-f]{64})*$/),
  leaf: Sha256.nullable(),
});
export type LogPoint = z.infer<typeof LogPoint>;

/** The first line of an archive of the audit log. `before` is the end of the archive before it: they form one chain. */
export const AuditManifest = z
  .strictObject({
    v: z.literal(1),
    kind: z.literal('audit'),
    program: z.string(),
    first: Count,
    last: Count,
    entries: z.int().min(1),
    before: LogPoint,
    after: LogPoint,
  })
  .refine(
    ({ first, last, entries, before, after }) =>
      first === before.size && last === first + entries - 1 && after.size === last + 1,
    { error: 'its numbers do not fit each other' },
  );
export type AuditManifest = z.infer<typeof AuditManifest>;

export const Manifest = z.discriminatedUnion('kind', [ConfigurationManifest, AuditManifest]);
export type Manifest = z.infer<typeof Manifest>;

/** Files of the configuration, or entries of the log. */
export const entriesOf = (manifest: Manifest): number =>
  manifest.kind === 'audit' ? manifest.entries : manifest.files.length;

/** Beside each archive, as `NAME.json`: what has none was never finished. */
export const ArchiveMarker = z.object({
  v: z.literal(1),
  archive: z.uuid(),
  object: z.string(),
  sha256: Sha256,
  bytes: Count,
  madeAt: z.iso.datetime(),
  seconds: z.number(),
  content: Manifest,
});
export type ArchiveMarker = z.infer<typeof ArchiveMarker>;
