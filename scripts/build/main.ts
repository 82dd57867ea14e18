import { program } from '../setup/program';
import { buildAll } from './build';

/** `--changed` leaves what is built as it is while no source changed. */
await program(async (args) => {
  const startedAt = performance.now();
  const built = await buildAll({ force: !args.includes('--changed') });
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  if (built) console.log(`Built web, worker and command line in ${seconds} s.`);
  return 0;
});
