import 'server-only';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { CheckToKeep } from '@/lib/backup/check';
import { fact, judged } from '@/lib/backup/check';
import type { Evidence } from '@/lib/backup/contract';
import { resolveFiles } from '@/lib/config/files';
import { formatProblem } from '@/lib/config/problem';
import { validateConfig } from '@/lib/config/validate';
import { messageOf } from '@/lib/core/errors';
import { monotonicMs } from '@/lib/core/time';
import { manifestName, sha256Of } from './configuration';
import { ConfigurationManifest } from './manifest';
import { archivedName, namedFiles } from './named-files';
import { programVersion } from './program';
import { readTar, TarError, type TarFile } from './tar';

const unzip = promisify(gunzip);
/** A configuration is some hundred kB; what unpacks to more is none. */
const UNPACKED_MAX = 64 * 1024 * 1024;

type Unpacked = { manifest: ConfigurationManifest; files: TarFile[] };
/** `expected` is the manifest of the row or marker; null where nobody knows it. */
type Asked = { file: string; expected: ConfigurationManifest | null };

/** Throws TarError in words for people, and what the file system throws. */
async function unpack(file: string): Promise<Unpacked> {
  const bytes = await fs.readFile(file);
  const tar = await unzip(bytes, { maxOutputLength: UNPACKED_MAX }).catch((cause: unknown) => {
    throw new TarError(`It cannot be unpacked (${messageOf(cause)}): a part is missing or damaged.`);
  });
  const [first, ...files] = readTar(tar);
  if (first?.name !== manifestName) throw new TarError(`It does not begin with ${manifestName}.`);
  return { manifest: manifestOf(first.content), files };
}

function manifestOf(content: Uint8Array): ConfigurationManifest {
  try {
    return ConfigurationManifest.parse(JSON.parse(Buffer.from(content).toString('utf8')));
  } catch {
    throw new TarError(`${manifestName} is not a manifest of this kind of archive.`);
  }
}

type Look = Pick<CheckToKeep, 'level' | 'tool'> & { whenPassed: string };

/** Unpacks and looks; what cannot be unpacked failed, with the reason. */
async function look(
  file: string,
  { whenPassed, ...check }: Look,
  see: (unpacked: Unpacked) => Evidence[],
): Promise<CheckToKeep> {
  const startedMs = monotonicMs();
  const done = { ...check, toolVersion: programVersion };
  const seconds = () => (monotonicMs() - startedMs) / 1000;
  try {
    const evidence = see(await unpack(file));
    return judged({ ...done, evidence, seconds: seconds() }, whenPassed);
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    return { ...done, result: 'failed', sentence: error.message, evidence: [], seconds: seconds() };
  }
}

const canonical = (manifest: ConfigurationManifest): string => JSON.stringify(ordered(manifest));
/** A row of the database gives members back in an order of its own. */
const ordered = (manifest: ConfigurationManifest): unknown => [
  manifest.program,
  manifest.configuration,
  manifest.files.map(({ name, path: from, bytes, sha256 }) => [name, from, bytes, sha256]),
  manifest.secrets,
];
const listOf = (files: readonly { name: string }[]): string => files.map(({ name }) => name).join(', ');

/** L2: the members of the tar are those of the manifest, with their sizes. */
export const checkConfigurationListed = ({ file, expected }: Asked): Promise<CheckToKeep> =>
  look(
    file,
    { level: 2, tool: 'tar listing', whenPassed: 'The list of files is that of the manifest.' },
    ({ manifest, files }) => [
      fact('Files', listOf(manifest.files), listOf(files)),
      fact(
        'Bytes of the files',
        manifest.files.map(({ bytes }) => bytes).join(', '),
        files.map(({ content }) => content.length).join(', '),
      ),
      fact('Manifest', expected === null ? null : canonical(expected), canonical(manifest)),
    ],
  );

/** L3: everything is unpacked, and each file has the SHA-256 of the manifest. */
export const checkConfigurationDecoded = ({ file }: Asked): Promise<CheckToKeep> =>
  look(
    file,
    { level: 3, tool: 'tar, SHA-256', whenPassed: 'Every file was unpacked and is the one that was packed.' },
    ({ manifest, files }) =>
      manifest.files.map(({ name, sha256 }) => {
        const found = files.find((packed) => packed.name === name);
        return fact(
          `SHA-256 of ${name}`,
          sha256,
          found === undefined ? 'not there' : sha256Of(found.content),
        );
      }),
  );

/** L4: a worker would start with it. Secrets are absent, as when `config validate` looks at a file. */
export const checkConfigurationProven = ({ file }: Asked): Promise<CheckToKeep> =>
  look(
    file,
    { level: 4, tool: 'signalbox config validate', whenPassed: 'Configuration is valid' },
    ({ manifest, files }) => {
      const found = files.find(({ name }) => name === manifest.configuration);
      const text = Buffer.from(found?.content ?? '').toString('utf8');
      const { config, problems } = validateConfig(text, manifest.configuration);
      const [problem] = problems;
      const valid = fact(
        'Configuration',
        'valid',
        problem === undefined ? 'valid' : `not valid: ${formatProblem(problem)}`,
      );
      if (config === null) return [valid];
      const folder = path.dirname(manifest.files[0]?.path ?? '/');
      const packed = new Set(manifest.files.map(({ name }) => name));
      const missing = namedFiles(resolveFiles(config, folder)).files.filter(
        (named) => !packed.has(archivedName(named, folder)) && !manifest.secrets.includes(named),
      );
      return [valid, fact('Files that it names and that are missing', 'none', missing.join(', ') || 'none')];
    },
  );
