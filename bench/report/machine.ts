import fs from 'node:fs';
import os from 'node:os';

/** What the figures were measured on; `load` is the one-minute average at that moment. */
export type Machine = { cores: number; cpu: string; memoryGb: number; load: number };

export const machine = (): Machine => ({
  cores: os.availableParallelism(),
  cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
  memoryGb: Math.round(os.totalmem() / 1e9),
  load: loadNow(),
});

export const loadNow = (): number => Number(fs.readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);
