import { checkFigures, dumpFigures } from './backup/copies';
import { backupSheet, type Measured } from './backup/figures';
import { retentionMs } from './backup/retention';
import { inWorld, megabytes } from './backup/world';
import { loadNow } from './report/machine';
import { runBench } from './report/run-bench';

// What a copy logs would stand between the figures.
process.env['LOG_LEVEL'] ??= 'silent';

await runBench(
  'backup',
  backupSheet,
  async ({ wanted, progress, signal }) => {
    const measured: Measured = wanted.has('retention_10y_ms') ? { retention_10y_ms: retentionMs() } : {};
    const ofCopies = backupSheet.names.filter((name) => wanted.has(name) && name !== 'retention_10y_ms');
    if (ofCopies.length === 0) return measured;
    progress(`Filling a database of about ${megabytes} MB (load ${loadNow().toFixed(2)}) …`);
    const found = await inWorld(signal, async (world) => ({
      ...(await dumpFigures(world, progress)),
      ...(await checkFigures(world, progress)),
    }));
    for (const name of ofCopies) {
      const value = found[name];
      if (value !== undefined) measured[name] = value;
    }
    return measured;
  },
  { mustMeet: true },
);
