import { program } from '../setup/program';
import { UserError } from '../setup/user-error';
import { isRunner, type Runner, runners } from './runners';
import { runSuite } from './suite';

const USAGE = `Usage: npm test [-- --only RUNNER,RUNNER] [--raise-floor]
Runners: ${Object.keys(runners).join(', ')}`;

await program(async (args) => {
  let chosen: Runner[] = Object.keys(runners).filter(isRunner);
  for (const [index, arg] of args.entries()) {
    if (arg === '--raise-floor' || args[index - 1] === '--only') continue;
    if (arg !== '--only') throw new UserError(`npm test does not know ${arg}.`, USAGE);
    const names = (args[index + 1] ?? '').split(',');
    if (!names.every(isRunner)) throw new UserError(`--only needs names of runners.`, USAGE);
    chosen = names;
  }
  return runSuite(chosen, { raiseFloor: args.includes('--raise-floor') });
});
