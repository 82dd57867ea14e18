import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { parseDuration } from '@/lib/core/duration';
import { OpsError } from '@/lib/core/errors';

/** One subcommand. `run` returns the exit code: 0 done, 1 refused or failed, 2 called wrongly; others are codes of its own. */
export type Command = { summary: string; usage: string; run: (args: string[]) => Promise<number> };

/** The arguments of a command. Throws OpsError `invalid` with the command's usage when they do not fit. */
export function readArguments<const O extends ParseArgsOptionsConfig>(
  args: string[],
  usage: string,
  options: O,
  count: number | readonly [least: number, most: number],
) {
  let parsed: ReturnType<typeof parseArgs<{ options: O; allowPositionals: true; args: string[] }>>;
  try {
    parsed = parseArgs({ args, options, allowPositionals: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('. ')[0] : String(cause);
    throw new UsageError(`${reason}.`, usage);
  }
  const [least, most] = typeof count === 'number' ? [count, count] : count;
  const given = parsed.positionals.length;
  if (given < least || given > most) {
    const range = Number.isFinite(most) ? `${least} to ${most}` : `${least} or more`;
    const wanted = least === most ? String(most) : range;
    throw new UsageError(
      most === 0 ? 'No argument is expected here.' : `Expected ${wanted} argument${most === 1 ? '' : 's'}.`,
      usage,
    );
  }
  return parsed;
}

/** Called wrongly: shown with the usage, exit code 2. */
export class UsageError extends OpsError {
  constructor(message: string, usage: string) {
    super('invalid', message, { next: `Usage: ${usage}` });
  }
}

/** Seconds of an option such as `90d` or `2h`. Throws UsageError. */
export function readSeconds(text: string, option: string, usage: string): number {
  const seconds = parseDuration(text);
  if (seconds !== null) return seconds;
  throw new UsageError(`${option} must be a duration such as 30s, 5m, 4h or 90d.`, usage);
}
