import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../setup/user-error';
import { debianCache, unpackDebianPackage } from './debian';
import { isExecutable } from './path';

const PACKAGE = 'postgresql-client-15';
const BIN = 'usr/lib/postgresql/15/bin';
const TOOLS = ['pg_dump', 'pg_restore', 'pg_amcheck', 'psql'] as const;
const OTHERWISE = `Install ${PACKAGE}, which has ${TOOLS.join(', ')}, and run this again.`;

const holdsAll = (folder: string): boolean => TOOLS.every((name) => isExecutable(path.join(folder, name)));

/**
 * The folder of pg_dump 15 and its companions: those that are installed, else Debian's package and its library
 * unpacked into the project's cache, without root. Throws UserError with what to install.
 */
export async function postgresqlClient(onFetch: (name: string) => void = () => {}): Promise<string> {
  const installed = path.join('/', BIN);
  if (holdsAll(installed)) return installed;
  return unpackedClient(onFetch);
}

/** The unpacked tools find their library by programs of the same names that start them. */
export async function unpackedClient(onFetch: (name: string) => void = () => {}): Promise<string> {
  const folder = path.join(debianCache, `${PACKAGE}-tools`);
  if (holdsAll(folder)) return folder;
  onFetch(PACKAGE);
  const [client, library] = [
    await unpackDebianPackage(PACKAGE, OTHERWISE),
    await unpackDebianPackage('libpq5', OTHERWISE),
  ];
  const found = fs
    .globSync('usr/lib/*/libpq.so.5', { cwd: library })
    .map((file) => path.join(library, path.dirname(file)))[0];
  if (found === undefined || !holdsAll(path.join(client, BIN))) {
    throw new UserError(`Debian's packages ${PACKAGE} and libpq5 do not hold what they should.`, OTHERWISE);
  }
  const draft = `${folder}.${process.pid}`;
  fs.mkdirSync(draft, { recursive: true });
  for (const name of TOOLS) {
    const start = `#!/bin/sh\nLD_LIBRARY_PATH='${found}' exec '${path.join(client, BIN, name)}' "$@"\n`;
    fs.writeFileSync(path.join(draft, name), start, { mode: 0o755 });
  }
  if (fs.existsSync(folder)) fs.rmSync(draft, { recursive: true });
  else fs.renameSync(draft, folder);
  return folder;
}
