import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Cleanup } from './cleanup';
import { ProcessState } from './workload/processes';
import type { Workload } from './workload/workload';

const SAVE_MS = 60_000;

const SavedWorkload = z.partialRecord(z.enum(['us-east-1', 'eu-west-1']), z.array(ProcessState));

/** Where the figures of the processes lie between two runs. */
export function savedFile(dataDir: string): string {
  return path.join(dataDir, 'workload.json');
}

/** What the last run kept; nothing when there was none. */
export async function readSaved(file: string): Promise<z.infer<typeof SavedWorkload>> {
  try {
    return SavedWorkload.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // Without it all counters begin at 0, as after a restart of every process.
    return {};
  }
}

export async function writeSaved(file: string, workload: Workload): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(workload.state()));
  await rename(`${file}.new`, file);
}

/** Every minute, so that a kill loses little, and once more before the end. */
export function keepSaving(save: () => Promise<void>, cleanup: Cleanup): void {
  let saving = Promise.resolve();
  const timer = setInterval(() => {
    // A full disk must not end the pretend production: the next minute tries again.
    saving = saving.then(save).catch((error: unknown) => console.error(error));
  }, SAVE_MS);
  cleanup.add(async () => {
    clearInterval(timer);
    await saving;
    await save();
  });
}
