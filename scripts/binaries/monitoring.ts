import path from 'node:path';
import { UserError } from '../setup/user-error';
import { debianCache, unpackDebianPackage } from './debian';
import { findProgram, isExecutable } from './path';

export type MonitoringPrograms = { prometheus: string; promtool: string; alertmanager: string };

/** Program names (Debian's first), the package they are in, and what a machine without apt needs instead. */
const WANTED = {
  prometheus: { names: ['prometheus'], package: 'prometheus' },
  promtool: { names: ['promtool'], package: 'prometheus' },
  alertmanager: { names: ['prometheus-alertmanager', 'alertmanager'], package: 'prometheus-alertmanager' },
} as const;

const OTHERWISE =
  'Put prometheus, promtool and alertmanager (from prometheus.io/download) on the PATH and run this again.';

/**
 * Prometheus, promtool and Alertmanager: those on the PATH, else Debian's packages unpacked into the project's
 * cache. `onFetch` is told before a package is fetched. Throws UserError with what to install.
 */
export async function monitoringPrograms(
  onFetch: (name: string) => void = () => {},
): Promise<MonitoringPrograms> {
  return {
    prometheus: await locate(WANTED.prometheus, onFetch),
    promtool: await locate(WANTED.promtool, onFetch),
    alertmanager: await locate(WANTED.alertmanager, onFetch),
  };
}

async function locate(
  wanted: { names: readonly [string, ...string[]]; package: string },
  onFetch: (name: string) => void,
): Promise<string> {
  const inPackage = path.join('usr/bin', wanted.names[0]);
  const cached = path.join(debianCache, wanted.package, inPackage);
  const present = findProgram(...wanted.names) ?? (isExecutable(cached) ? cached : undefined);
  if (present) return present;
  onFetch(wanted.package);
  const fetched = path.join(await unpackDebianPackage(wanted.package, OTHERWISE), inPackage);
  if (isExecutable(fetched)) return fetched;
  throw new UserError(`Debian's package ${wanted.package} holds no ${wanted.names[0]}.`, OTHERWISE);
}
