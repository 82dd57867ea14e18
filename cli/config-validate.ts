import fs from 'node:fs';
import { formatProblem } from '@/lib/config/problem';
import { validateConfig } from '@/lib/config/validate';
import { messageOf, OpsError } from '@/lib/core/errors';
import { type Command, readArguments } from './command';

export const configValidate: Command = {
  summary: 'Check a configuration file; each error with line and column',
  usage: 'signalbox config validate FILE',
  run: async (args) => {
    const file = readArguments(args, configValidate.usage, {}, 1).positionals[0] ?? '';
    const { problems } = validateConfig(readFile(file), file);
    if (problems.length === 0) {
      console.log('Configuration is valid');
      return 0;
    }
    for (const problem of problems) console.error(formatProblem(problem));
    console.error(`${problems.length} error${problems.length === 1 ? '' : 's'}`);
    return 1;
  },
};

function readFile(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (cause) {
    throw new OpsError('unavailable', `The file ${file} cannot be read: ${messageOf(cause)}.`, { cause });
  }
}
