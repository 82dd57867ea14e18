import { UserError } from '@/scripts/setup/user-error';
import type { Sheet } from './sheet';

export type BenchOptions<Name extends string> = { json: boolean; wanted: ReadonlySet<Name> };

export const usage = <Name extends string>(
  bench: string,
  sheet: Sheet<Name>,
): string => `Usage: npm run bench -- ${bench} [--json] [--only FIGURE[,FIGURE]]...
  --json   one JSON object {figure: {value, unit, goal}} on standard output, progress on standard error
  --only   measures these figures alone; the others are null
Figures: ${sheet.names.join(', ')}`;

/** Throws UserError that names the first argument it does not know. */
export function parseBenchOptions<Name extends string>(
  bench: string,
  sheet: Sheet<Name>,
  args: readonly string[],
): BenchOptions<Name> {
  const wanted = new Set<Name>();
  let json = false;
  const rest = args.flatMap((arg) => (arg.startsWith('--only=') ? ['--only', arg.slice(7)] : [arg]));
  for (let index = 0; index < rest.length; index++) {
    const arg = rest[index];
    if (arg === '--json') json = true;
    else if (arg === '--only') {
      for (const name of (rest[++index] ?? '').split(',')) {
        if (!sheet.isFigure(name)) {
          throw new UserError(`There is no figure "${name}".`, usage(bench, sheet));
        }
        wanted.add(name);
      }
    } else throw new UserError(`bench ${bench} does not know ${arg}.`, usage(bench, sheet));
  }
  return { json, wanted: wanted.size === 0 ? new Set(sheet.names) : wanted };
}
