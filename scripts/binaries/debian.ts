import fs from 'node:fs';
import path from 'node:path';
import { run } from '../process/run';
import { stateRoot } from '../setup/root';
import { UserError } from '../setup/user-error';
import { findProgram } from './path';

const TIMEOUT_MS = 300_000;
const QUIET = { env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' }, timeoutMs: TIMEOUT_MS };

export const debianCache = path.join(stateRoot, 'cache', 'debian');

/** Without root nothing may lock the system's state; as root apt's own sandbox user cannot write into the clone. */
const BASE = ['-o', 'Debug::NoLocking=1', '-o', 'APT::Sandbox::User=root'];

/** Package lists of our own, for machines whose lists were never fetched or are gone. */
function privateState(): string[] {
  const state = path.join(stateRoot, 'cache', 'apt');
  for (const folder of ['lists/partial', 'archives/partial'])
    fs.mkdirSync(path.join(state, folder), { recursive: true });
  return [...BASE, '-o', `Dir::State::lists=${state}/lists`, '-o', `Dir::Cache=${state}`];
}

/**
 * Fetches a Debian package and unpacks it below the project's cache; returns that folder. Needs no root, and starts
 * nothing. Throws UserError where the machine has no apt or the package cannot be had.
 */
export async function unpackDebianPackage(name: string, otherwise: string): Promise<string> {
  const target = path.join(debianCache, name);
  if (fs.existsSync(target)) return target;
  const apt = findProgram('apt-get');
  const dpkg = findProgram('dpkg-deb');
  if (!apt || !dpkg) {
    throw new UserError(
      `${name} is not installed, and this machine has no ${apt ? 'dpkg-deb' : 'apt-get'} to fetch Debian's package with.`,
      otherwise,
    );
  }
  const draft = `${target}.${process.pid}`;
  fs.mkdirSync(draft, { recursive: true });
  try {
    const file = await download(apt, name, draft, otherwise);
    const unpacked = path.join(draft, 'unpacked');
    const result = await run(dpkg, ['-x', file, unpacked], QUIET);
    if (result.code !== 0) throw new UserError(`${name} could not be unpacked:\n${result.output}`, otherwise);
    if (!fs.existsSync(target)) fs.renameSync(unpacked, target);
    return target;
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

async function download(apt: string, name: string, folder: string, otherwise: string): Promise<string> {
  let last = '';
  for (const fresh of [false, true]) {
    const options = fresh ? privateState() : BASE;
    if (fresh) last = (await run(apt, [...options, 'update'], QUIET)).output;
    const { output } = await run(apt, [...options, 'download', name], { ...QUIET, cwd: folder });
    const file = fs.readdirSync(folder).find((entry) => entry.endsWith('.deb'));
    if (file) return path.join(folder, file);
    last += output;
  }
  throw new UserError(`Debian's package ${name} could not be fetched:\n${last.trim()}`, otherwise);
}

/** Installs packages into the system; only root can. Returns what apt said when it failed. */
export async function installDebianPackages(...names: string[]): Promise<{ ok: boolean; output: string }> {
  const apt = findProgram('apt-get');
  if (!apt || process.getuid?.() !== 0) return { ok: false, output: '' };
  const install = () =>
    run(apt, ['install', '-y', '--no-install-recommends', ...names], { ...QUIET, timeoutMs: 2 * TIMEOUT_MS });
  let result = await install();
  if (result.code !== 0) {
    await run(apt, ['update'], QUIET);
    result = await install();
  }
  return { ok: result.code === 0, output: result.output };
}
