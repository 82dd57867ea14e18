import 'server-only';
import fs from 'node:fs/promises';
import { messageOf } from '@/lib/core/errors';
import { monotonicMs } from '@/lib/core/time';
import type { Catalog } from './catalog';
import { type CheckToKeep, fact, judged } from './check';
import type { Evidence } from './contract';
import { errorCodeOf } from './file-error';
import { digestOf, fileOf, readMarker } from './folder';
import { runTool } from './run-tool';
import { sizeEvidence } from './size';
import { compareToc, parseToc } from './toc';
import type { Tools } from './tools';

/** A copy as its checks see it. */
export type CheckedCopy = {
  folder: string;
  object: string;
  bytes: number;
  sha256: string;
  catalog: Catalog;
  serverVersion: string;
  dumpVersion: string;
};

const since = (startedMs: number): number => (monotonicMs() - startedMs) / 1000;

type StoredMarker = { sha256: string };
const readStoredMarker = (folder: string, object: string): Promise<StoredMarker | null> =>
  readMarker(folder, object);

/** L1: there, large enough, and of the bytes that were written. `before` are sizes of up to seven copies before it. */
export async function checkStored(
  copy: Pick<CheckedCopy, 'folder' | 'object' | 'bytes' | 'sha256'>,
  { minBytes, before, signal }: { minBytes: number; before: readonly number[]; signal: AbortSignal },
  markerOf: typeof readStoredMarker = readStoredMarker,
): Promise<CheckToKeep> {
  const startedMs = monotonicMs();
  const check = { level: 1, tool: 'SHA-256', toolVersion: `Node ${process.versions.node}` } as const;
  const unknown = (sentence: string): CheckToKeep => ({
    ...check,
    result: 'unknown',
    sentence,
    evidence: [],
    seconds: since(startedMs),
  });
  try {
    await fs.readdir(copy.folder);
  } catch (error) {
    return unknown(`The folder cannot be read (${errorCodeOf(error)}), so nothing is known of the copy.`);
  }
  const marker = await markerOf(copy.folder, copy.object);
  let digest: { sha256: string; bytes: number };
  try {
    digest = await digestOf(fileOf(copy.folder, copy.object), signal);
  } catch (error) {
    if (signal.aborted) throw error;
    if (errorCodeOf(error) !== 'ENOENT') return unknown(`The file cannot be read: ${messageOf(error)}.`);
    const evidence = [fact('File', 'there', 'not there')];
    return {
      ...judged({ ...check, evidence, seconds: since(startedMs) }, ''),
      sentence: 'The file is gone.',
    };
  }
  const size = sizeEvidence(digest.bytes, before);
  const { isUnusual = false, ...sized } = size ?? {};
  const evidence: Evidence[] = [
    fact('SHA-256', copy.sha256, digest.sha256),
    fact('Bytes', String(copy.bytes), String(digest.bytes)),
    fact('SHA-256 of the marker', copy.sha256, marker?.sha256 ?? 'no marker'),
    {
      what: 'Least size',
      expected: `${minBytes} bytes or more`,
      found: `${digest.bytes} bytes`,
      isRight: digest.bytes >= minBytes,
    },
    ...('what' in sized ? [sized] : []),
  ];
  const remark = isUnusual
    ? ` Its size is unusual: ${size?.found} against the median of those before it.`
    : '';
  return judged(
    { ...check, evidence, seconds: since(startedMs) },
    `The stored bytes are those that were written.${remark}`,
  );
}

type Toolbox = { tools: Tools; timeoutSeconds: number; signal: AbortSignal };

/** L2: the table of contents is that of the database. Reads the head of the file and no data. */
export async function checkListed(copy: CheckedCopy, toolbox: Toolbox): Promise<CheckToKeep> {
  const run = await runTool({
    ...toolbox,
    name: 'pg_restore',
    args: ['--list', fileOf(copy.folder, copy.object)],
    environment: {},
  });
  toolbox.signal.throwIfAborted();
  const check = { level: 2, tool: 'pg_restore --list', toolVersion: toolbox.tools.version } as const;
  if (run.problem !== null) {
    return {
      ...check,
      result: run.isDecided ? 'failed' : 'unknown',
      sentence: run.problem,
      evidence: logFact(run.log),
      seconds: run.seconds,
    };
  }
  const versions = { server: copy.serverVersion, dump: copy.dumpVersion };
  const evidence = compareToc(parseToc(run.stdout), copy.catalog, versions);
  const marker = await readMarker(copy.folder, copy.object);
  evidence.push(
    fact(
      'System identifier',
      copy.catalog.systemIdentifier ?? 'not known',
      marker?.systemIdentifier ?? 'not known',
    ),
  );
  return judged(
    { ...check, evidence, seconds: run.seconds },
    'The table of contents is that of the database at the moment of the copy.',
  );
}

/** L3: every block is read and unpacked; a file that was cut ends early here, though its list is whole. */
export async function checkDecoded(copy: CheckedCopy, toolbox: Toolbox): Promise<CheckToKeep> {
  const run = await runTool({
    ...toolbox,
    name: 'pg_restore',
    args: ['--file=/dev/null', fileOf(copy.folder, copy.object)],
    environment: {},
  });
  toolbox.signal.throwIfAborted();
  const check = {
    level: 3,
    tool: 'pg_restore --file=/dev/null',
    toolVersion: toolbox.tools.version,
    seconds: run.seconds,
  } as const;
  const evidence = [fact('Exit code', '0', String(run.code ?? 'ended by a signal')), ...logFact(run.log)];
  if (run.problem !== null) {
    return { ...check, result: run.isDecided ? 'failed' : 'unknown', sentence: run.problem, evidence };
  }
  return judged({ ...check, evidence }, 'Every block of the copy was read and unpacked.');
}

/** The end of what a tool said, where it said something. */
export const logFact = (log: string): Evidence[] =>
  log.trim() === ''
    ? []
    : [{ what: 'The tool said', expected: null, found: log.trim().slice(-1000), isRight: null }];
