import { existsSync } from 'node:fs';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Where Debian's Alertmanager looks for its templates, whatever its options say. */
const INSTALLED = '/usr/share/prometheus/alertmanager';
/** The same length, and wherever the program is started: its working folder. */
const RELATIVE = '/proc/self/cwd'.padEnd(INSTALLED.length, '/.');

export type Program = { binary: string; cwd?: string };

/**
 * Alertmanager that finds its templates. Debian's build ends at once when they are not installed under
 * /usr/share, which takes root; for an unpacked package a copy of the program is made in `dir` that looks
 * for them in its working folder. Any other build has its templates inside and is used as it is.
 */
export async function alertmanagerProgram(binary: string, dir: string): Promise<Program> {
  const templates = path.resolve(path.dirname(binary), '..', 'share', 'prometheus', 'alertmanager');
  if (existsSync(path.join(INSTALLED, 'default.tmpl')) || !existsSync(templates)) return { binary };
  const copy = path.join(dir, 'alertmanager-unpacked');
  if (!existsSync(copy)) {
    const patched = replaceAll(await readFile(binary), INSTALLED, RELATIVE);
    if (!patched) return { binary };
    await writeFile(`${copy}.new`, patched);
    await chmod(`${copy}.new`, 0o755);
    await rename(`${copy}.new`, copy);
  }
  return { binary: copy, cwd: templates };
}

/** Every occurrence, in a copy; null when there is none. Both texts must be equally long. */
function replaceAll(bytes: Buffer, from: string, to: string): Buffer | null {
  const copy = Buffer.from(bytes);
  let found = false;
  for (let at = copy.indexOf(from); at !== -1; at = copy.indexOf(from, at + from.length)) {
    copy.write(to, at, 'latin1');
    found = true;
  }
  return found ? copy : null;
}
