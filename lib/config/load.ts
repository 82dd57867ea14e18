import 'server-only';
import fs from 'node:fs';
import path from 'node:path';
import type { ChangeKind } from '@/lib/core/change-kind';
import { env } from '@/lib/core/env';
import { messageOf, OpsError } from '@/lib/core/errors';
import { resolveFiles } from './files';
import type { Policy } from './policy';
import { matchPolicy } from './policy-rules';
import { formatProblem } from './problem';
import type { Config } from './schema';
import type { Placement, Service } from './service';
import { validateConfig } from './validate';

/** Route handlers and instrumentation are separate module instances; the file is read once per process. */
declare global {
  var signalboxConfig: (Pick<ConfigSource, 'file' | 'config'> & { bytes?: Uint8Array }) | undefined;
}

/** A configuration with the bytes that it was read from. */
export type ConfigSource = { file: string; bytes: Uint8Array; config: Config };

/**
 * Reads and checks a configuration file; relative paths in it become absolute. Throws OpsError `invalid` with
 * every problem, and `unavailable` when the file cannot be read.
 */
export const loadConfig = (file: string): Config => readConfig(file).config;

/** The same with the bytes that were read. */
export function readConfig(file: string): ConfigSource {
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(file);
  } catch (cause) {
    throw new OpsError('unavailable', `The configuration ${file} cannot be read: ${messageOf(cause)}.`, {
      next: 'Set SIGNALBOX_CONFIG to the path of your signalbox.yaml.',
      cause,
    });
  }
  const checked = validateConfig(bytes.toString('utf8'), file);
  if (checked.config !== null)
    return { file, bytes, config: resolveFiles(checked.config, path.dirname(path.resolve(file))) };
  throw new OpsError(
    'invalid',
    `The configuration is not valid:\n${checked.problems.map(formatProblem).join('\n')}`,
    {
      next: `Correct it; npx signalbox config validate ${file} checks it.`,
      fields: checked.problems.map((problem) => ({ path: problem.path, message: problem.message })),
    },
  );
}

/** The configuration of this process, from SIGNALBOX_CONFIG; read once, so a new file needs a new start. */
export function config(): Config {
  const file = env().SIGNALBOX_CONFIG;
  if (globalThis.signalboxConfig?.file !== file) globalThis.signalboxConfig = readConfig(file);
  return globalThis.signalboxConfig.config;
}

/** What this process runs with, as it was read; null where nobody read it from a file. */
export function configSource(): ConfigSource | null {
  const { file, bytes, config: read } = globalThis.signalboxConfig ?? {};
  if (file === undefined || read === undefined || bytes === undefined) return null;
  return { file, bytes, config: read };
}

/** For tests and tools that have a configuration at hand. */
export function useConfig(given: Config): void {
  globalThis.signalboxConfig = { file: env().SIGNALBOX_CONFIG, config: given };
}

/** A service by its id. Throws OpsError `not-found`. */
export function serviceOf(id: string, within: Config = config()): Service {
  const found = within.services.find((service) => service.id === id);
  if (found !== undefined) return found;
  throw new OpsError('not-found', 'There is no such service.', { next: 'Look at the list of services.' });
}

/** Where a service runs in an environment; empty when it does not. */
export const placementsOf = (service: Service, environment: string): Placement[] =>
  service.placements[environment] ?? [];

/** The policy of a change. Every deploy has one: the configuration is refused otherwise. */
export function policyFor(
  action: ChangeKind,
  environment: string,
  service: string,
  within: Config = config(),
): Policy {
  const policy = matchPolicy(within.policies, action, environment, service);
  if (policy !== null) return policy;
  throw new OpsError('precondition', 'No policy covers this change.', {
    next: 'Add one to signalbox.yaml that matches its action, environment and service.',
  });
}
