import 'server-only';
import { fact } from './check';
import { type Target, toolEnvironment } from './connection';
import { type Dumper, milliseconds } from './dump';
import { runTool } from './run-tool';
import type { Tools } from './tools';

type Here = {
  target: Target;
  /** Chosen for the version that the server says. Throws OpsError. */
  toolsFor: (server: { version: string; major: number }) => Tools;
  /** Written to; must be there. */
  file: string;
  appName: string;
  timeoutSeconds: number;
  lockTimeoutSeconds: number;
};

/** pg_dump as a process of this worker. */
export const dumpHere =
  ({ target, toolsFor, file, appName, timeoutSeconds, lockTimeoutSeconds }: Here): Dumper =>
  async (server) => {
    const tools = toolsFor(server);
    return async ({ snapshot, signal }) => {
      const { problem, log } = await runTool({
        tools,
        name: 'pg_dump',
        args: [
          '--format=custom',
          '--no-password',
          '--verbose',
          `--lock-wait-timeout=${milliseconds(lockTimeoutSeconds)}`,
          `--snapshot=${snapshot}`,
          `--file=${file}`,
        ],
        environment: toolEnvironment(target, appName),
        timeoutSeconds,
        signal,
      });
      if (problem !== null) return { problem, log };
      return { problem: null, log, dumpVersion: tools.version, evidence: [fact('Exit code', '0', '0')] };
    };
  };
