import 'server-only';
import { hex } from '@/lib/audit/merkle';
import { type CheckToKeep, fact, judged } from '@/lib/backup/check';
import type { Evidence } from '@/lib/backup/contract';
import { monotonicMs } from '@/lib/core/time';
import { LogWalk, pointText, samePoint, startOfLog } from './log-point';
import type { AuditManifest, LogPoint } from './manifest';
import { programVersion } from './program';
import { type ArchivedEntry, AuditArchiveError, readAuditManifest, walkAuditArchive } from './read-audit';

type Asked = { file: string; signal: AbortSignal };
type Look = Pick<CheckToKeep, 'level' | 'tool'> & { whenPassed: string };

/** What does not read as it should failed, with the reason. */
async function look({ whenPassed, ...check }: Look, see: () => Promise<Evidence[]>): Promise<CheckToKeep> {
  const startedMs = monotonicMs();
  const done = { ...check, toolVersion: programVersion };
  const seconds = () => (monotonicMs() - startedMs) / 1000;
  try {
    const evidence = await see();
    return judged({ ...done, evidence, seconds: seconds() }, whenPassed);
  } catch (error) {
    if (!(error instanceof AuditArchiveError || error instanceof RangeError)) throw error;
    return { ...done, result: 'failed', sentence: error.message, evidence: [], seconds: seconds() };
  }
}

const rangeText = ({ first, last, entries }: AuditManifest): string => `${entries}, from ${first} to ${last}`;

/** L2: the first line is the manifest that was written. `expected` is that of the row or marker; null: not known. */
export const checkAuditListed = (
  { file, signal }: Asked,
  expected: AuditManifest | null,
): Promise<CheckToKeep> =>
  look(
    { level: 2, tool: 'gzip header, manifest', whenPassed: 'The manifest is the one that was written.' },
    async () => {
      const found = await readAuditManifest(file, signal);
      return [
        fact('Entries', expected === null ? null : rangeText(expected), rangeText(found)),
        fact('Log before', expected === null ? null : pointText(expected.before), pointText(found.before)),
        fact('Log after', expected === null ? null : pointText(expected.after), pointText(found.after)),
      ];
    },
  );

/** L3: every line is unpacked and parsed, and each text has the hash that stands beside it. */
export const checkAuditDecoded = ({ file, signal }: Asked): Promise<CheckToKeep> =>
  look(
    { level: 3, tool: 'gunzip, JSON, SHA-256', whenPassed: 'Every line was unpacked and read.' },
    async () => {
      let entries = 0;
      let expected = 0;
      for await (const part of walkAuditArchive(file, signal)) {
        if ('seq' in part) entries += 1;
        else expected = part.entries;
      }
      return [fact('Entries', String(expected), String(entries))];
    },
  );

/** The end of the archive before, and the live log over a span of it; null where nobody can ask. */
export type Joins = {
  before: LogPoint | null;
  /** How many entries the live log has, and the leaves of those from `first` on, hex. */
  live: { size: number; leaves: (first: number, count: number) => Promise<string[]> };
};

/** So many leaves of the live log are compared at a time. */
const PAGE = 1000;

/**
 * L4: the tree is computed over all entries from the end of the archive before, and ends at the root that the log had.
 * With `joins` that end, and each entry of the live log, are compared as well: a log that was cut or rewritten
 * afterwards shows here.
 */
export const checkAuditProven = ({ file, signal }: Asked, joins: Joins | null): Promise<CheckToKeep> =>
  look(
    {
      level: 4,
      tool: 'RFC 6962 tree',
      whenPassed:
        joins === null
          ? 'The hashes of all entries lead to the root that the log had.'
          : 'The hashes of all entries lead from the archive before to the root that the log had, and the live log still has them.',
    },
    async () => {
      const evidence: Evidence[] = [];
      let walk: LogWalk | undefined;
      let manifest: AuditManifest | undefined;
      let waiting: ArchivedEntry[] = [];
      let differs: number | null = null;
      const compare = async () => {
        const [first] = waiting;
        if (joins === null || first === undefined) return;
        const leaves = await joins.live.leaves(first.seq, waiting.length);
        const at = waiting.findIndex(({ leaf }, index) => leaves[index] !== hex(leaf));
        if (at !== -1) differs ??= first.seq + at;
        waiting = [];
      };
      for await (const part of walkAuditArchive(file, signal)) {
        if (!('seq' in part)) {
          manifest = part;
          walk = new LogWalk(part.before);
          continue;
        }
        walk?.add(part.leaf);
        if (joins === null) continue;
        waiting.push(part);
        if (waiting.length === PAGE) await compare();
      }
      await compare();
      if (manifest === undefined || walk === undefined) throw new AuditArchiveError('It is empty.');
      const end = walk.point;
      evidence.push(
        fact('Log after all entries', pointText(manifest.after), pointText(end)),
        fact('Last entry', manifest.after.leaf ?? 'none', end.leaf ?? 'none'),
      );
      if (!samePoint(end, manifest.after)) evidence.push(fact('Tree', manifest.after.frontier, end.frontier));
      return joins === null ? evidence : [...evidence, ...joined(manifest, joins, differs)];
    },
  );

function joined(manifest: AuditManifest, { before, live }: Joins, differs: number | null): Evidence[] {
  const end = before ?? startOfLog();
  const isJoined = samePoint(manifest.before, end);
  return [
    {
      what: before === null ? 'Beginning of the log' : 'End of the archive before',
      expected: pointText(end),
      found: pointText(manifest.before),
      isRight: isJoined,
    },
    {
      what: 'Entries of the live log',
      expected: `${manifest.after.size} or more`,
      found: String(live.size),
      isRight: live.size >= manifest.after.size,
    },
    fact(
      'First entry that the live log has otherwise',
      'none',
      differs === null ? 'none' : `entry ${differs}`,
    ),
  ];
}
