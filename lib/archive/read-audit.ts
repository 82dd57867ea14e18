import 'server-only';
import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { canonicalJson } from '@/lib/audit/canonical';
import { AuditBody } from '@/lib/audit/entry';
import { type Hash, hex, leafHash } from '@/lib/audit/merkle';
import { isOpsError, messageOf } from '@/lib/core/errors';
import { AuditManifest } from './manifest';

/** Why an archive of the audit log is not whole; for people. */
export class AuditArchiveError extends Error {}

/** Longer than any entry: free text in one is cut at some thousand characters. */
const LINE_MAX = 16 * 1024 * 1024;

const Line = z.union([
  z.strictObject({ seq: z.int().min(0), leaf: z.string(), entry: AuditBody }),
  z.strictObject({ seq: z.int().min(0), leaf: z.string(), text: z.string() }),
]);

/** An entry as its line says it; `leaf` is computed from its text. */
export type ArchivedEntry = { seq: number; leaf: Hash };

/** Lines of a gzipped file; the last one must end too. Throws AuditArchiveError, and what the file system throws. */
async function* linesOf(file: string, signal: AbortSignal): AsyncGenerator<string> {
  const source = createReadStream(file, { signal });
  const unpacked = createGunzip();
  source.on('error', (error) => unpacked.destroy(error));
  const decoder = new StringDecoder('utf8');
  let rest = '';
  try {
    for await (const chunk of source.pipe(unpacked)) {
      if (!Buffer.isBuffer(chunk)) throw new TypeError('A file gave text.');
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LINE_MAX) throw new AuditArchiveError('A line is longer than any entry can be.');
      yield* lines;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (isOfGzip(error))
      throw new AuditArchiveError(
        `It cannot be unpacked (${messageOf(error)}): a part is missing or damaged.`,
      );
    throw error;
  } finally {
    source.destroy();
    unpacked.destroy();
  }
  if (rest !== '') throw new AuditArchiveError('The last line does not end: a part is missing.');
}

const isOfGzip = (error: unknown): boolean =>
  !isOpsError(error) &&
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  error.code.startsWith('Z_');

function parsed<T>(schema: z.ZodType<T>, line: string, what: string): T {
  try {
    return schema.parse(JSON.parse(line));
  } catch {
    throw new AuditArchiveError(`${what} cannot be read as what it should be.`);
  }
}

/** The first line alone. Throws AuditArchiveError. */
export async function readAuditManifest(file: string, signal: AbortSignal): Promise<AuditManifest> {
  for await (const line of linesOf(file, signal)) return parsed(AuditManifest, line, 'Its first line');
  throw new AuditArchiveError('It is empty.');
}

/**
 * Reads an archive to its end: the manifest, then its entries in order. Every line is parsed, numbers are dense, and
 * each text has the hash that stands beside it. Throws AuditArchiveError that names the first line that is wrong.
 */
export async function* walkAuditArchive(
  file: string,
  signal: AbortSignal,
): AsyncGenerator<AuditManifest | ArchivedEntry> {
  let manifest: AuditManifest | undefined;
  let next = 0;
  for await (const line of linesOf(file, signal)) {
    if (manifest === undefined) {
      manifest = parsed(AuditManifest, line, 'Its first line');
      next = manifest.first;
      yield manifest;
      continue;
    }
    yield entryOf(line, next);
    next += 1;
  }
  if (manifest === undefined) throw new AuditArchiveError('It is empty.');
  const found = next - manifest.first;
  if (found !== manifest.entries)
    throw new AuditArchiveError(`It holds ${found} entries, and ${manifest.entries} by its first line.`);
}

function entryOf(text: string, expected: number): ArchivedEntry {
  const line = parsed(Line, text, `The line of entry ${expected}`);
  if (line.seq !== expected)
    throw new AuditArchiveError(`Entry ${expected} is missing; the next one is ${line.seq}.`);
  const body = 'entry' in line ? canonicalJson(line.entry, 'integers') : line.text;
  const leaf = leafHash(Buffer.from(body, 'utf8'));
  if (hex(leaf) !== line.leaf)
    throw new AuditArchiveError(`The text of entry ${expected} does not fit its hash.`);
  return { seq: expected, leaf };
}
