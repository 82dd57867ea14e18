import 'server-only';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { canonicalJson } from '@/lib/audit/canonical';
import { parseBody } from '@/lib/audit/entry';
import { hex, leafHash, sameHash } from '@/lib/audit/merkle';
import { OpsError } from '@/lib/core/errors';
import type { Database } from '@/lib/db/client';
import { LogWalk, samePoint, startOfLog } from './log-point';
import type { AuditManifest, LogPoint } from './manifest';
import { programVersion } from './program';

const PAGE = 1000;

/** The log cannot be what it was: nothing is archived over that, and a person has to look. */
const broken = (what: string, next: string): OpsError => new OpsError('conflict', what, { next });
const VERIFY = 'Run npx signalbox audit verify, and compare with the archives that there are.';
const ANEW =
  'If the database was restored from a backup on purpose, keep the archives as evidence and name another folder under archives: a new chain begins there.';

/** How far the log goes now. Throws OpsError `conflict` when it goes less far than what is archived already. */
export async function readHead(db: Database, before: LogPoint | null): Promise<LogPoint> {
  const [row] = await db.$queryRaw<
    { size: bigint; root: Uint8Array; frontier: Uint8Array; leaf: Uint8Array | null }[]
  >`SELECT h.size, h.root, h.frontier, e.leaf FROM audit.head h LEFT JOIN audit.entry e ON e.seq = h.size - 1
    WHERE h.id = 1`;
  if (row === undefined) throw new Error('The audit log has no head: the database was not migrated.');
  const head: LogPoint = {
    size: Number(row.size),
    root: hex(row.root),
    frontier: hex(row.frontier),
    leaf: row.leaf === null ? null : hex(row.leaf),
  };
  if (before === null || head.size > before.size || samePoint(head, before)) return head;
  if (head.size < before.size) {
    throw broken(
      `The audit log has ${head.size} entries, and ${before.size} are archived: it was cut, or restored to an earlier time.`,
      ANEW,
    );
  }
  throw broken('The audit log has other entries than the archives: it was rewritten.', VERIFY);
}

type Entry = { seq: bigint; body: string; leaf: Uint8Array };

/**
 * One entry as a line: `entry` is the canonical text that was hashed, as it stands in the log. A text that is no entry
 * (the verifier names it) is kept as `text`.
 */
function lineOf({ body, leaf }: Entry, seq: number): string {
  const parsed = parseBody(body);
  const isEntry = parsed !== null && canonicalJson(parsed, 'integers') === body;
  const member = isEntry ? `"entry":${body}` : `"text":${JSON.stringify(body)}`;
  return `{"seq":${seq},"leaf":"${hex(leaf)}",${member}}\n`;
}

/** Lines of the archive, its manifest first. Throws OpsError `conflict` at the first entry that does not fit. */
async function* linesOf(db: Database, manifest: AuditManifest, signal: AbortSignal): AsyncGenerator<string> {
  yield `${JSON.stringify(manifest)}\n`;
  const walk = new LogWalk(manifest.before);
  for (let seq = manifest.first; seq <= manifest.last; ) {
    signal.throwIfAborted();
    const page = await db.$queryRaw<Entry[]>`
      SELECT seq, body, leaf FROM audit.entry WHERE seq >= ${BigInt(seq)} AND seq <= ${BigInt(manifest.last)}
      ORDER BY seq LIMIT ${PAGE}`;
    if (page.length === 0) throw broken(`Entry ${seq} of the audit log is missing.`, VERIFY);
    const lines: string[] = [];
    for (const entry of page) {
      if (Number(entry.seq) !== seq) throw broken(`Entry ${seq} of the audit log is missing.`, VERIFY);
      const leaf = leafHash(Buffer.from(entry.body, 'utf8'));
      if (!sameHash(leaf, entry.leaf))
        throw broken(`The text of entry ${seq} of the audit log does not fit its hash.`, VERIFY);
      walk.add(leaf);
      lines.push(lineOf(entry, seq));
      seq += 1;
    }
    yield lines.join('');
  }
  if (samePoint(walk.point, manifest.after)) return;
  throw broken(
    `The entries ${manifest.first} to ${manifest.last} do not lead from the archive before to the root of the audit log: at least one was replaced.`,
    VERIFY,
  );
}

/**
 * Writes the entries of the log that no archive has into `file`; null when there are none. `before` is where the newest
 * archive ends, null for the first. Throws OpsError `conflict` when the log does not go on from there.
 */
export async function packAudit(
  db: Database,
  { file, before, signal }: { file: string; before: LogPoint | null; signal: AbortSignal },
): Promise<AuditManifest | null> {
  const after = await readHead(db, before);
  const from = before ?? startOfLog();
  if (after.size === from.size) return null;
  const manifest: AuditManifest = {
    v: 1,
    kind: 'audit',
    program: programVersion,
    first: from.size,
    last: after.size - 1,
    entries: after.size - from.size,
    before: from,
    after,
  };
  await pipeline(
    Readable.from(linesOf(db, manifest, signal)),
    createGzip(),
    createWriteStream(file, { mode: 0o600 }),
    { signal },
  );
  return manifest;
}
