import fs from 'node:fs';
import path from 'node:path';

/**
 * A process that dies in a simulation goes on in memory, where it would remove its own files. From its death on the
 * folder is kept as it is then, by links, and put back when the rest of the process is over.
 */
export function keptAside(folder: string, died: AbortSignal) {
  const aside = `${folder}-aside`;
  let names: string[] | null = null;
  const keep = () => {
    fs.rmSync(aside, { recursive: true, force: true });
    fs.mkdirSync(aside, { recursive: true });
    names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
    for (const name of names) fs.linkSync(path.join(folder, name), path.join(aside, name));
  };
  if (died.aborted) keep();
  else died.addEventListener('abort', keep, { once: true });
  return {
    putBack: (): void => {
      died.removeEventListener('abort', keep);
      if (names === null) return;
      fs.mkdirSync(folder, { recursive: true });
      for (const name of fs.readdirSync(folder))
        if (!names.includes(name)) fs.rmSync(path.join(folder, name), { force: true });
      for (const name of names)
        if (!fs.existsSync(path.join(folder, name)))
          fs.linkSync(path.join(aside, name), path.join(folder, name));
      fs.rmSync(aside, { recursive: true, force: true });
    },
  };
}
