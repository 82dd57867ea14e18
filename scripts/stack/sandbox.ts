import path from 'node:path';
import { z } from 'zod';
import type { MonitoringPrograms } from '../binaries/monitoring';
import { type Child, startChild } from '../process/child';
import { typescript } from '../setup/typescript';
import { UserError } from '../setup/user-error';

/** The line of JSON that sandbox/main.ts prints when everything of it serves; more fields pass through. */
const ReadyLine = z.looseObject({
  ready: z.literal(true),
  urls: z.object({
    kubernetes: z.record(z.string(), z.url()),
    loki: z.url(),
    prometheus: z.url(),
    alertmanager: z.url(),
    control: z.url(),
    metrics: z.url(),
    registry: z.url(),
  }),
  kubeconfigs: z.object({ web: z.string(), worker: z.string(), admin: z.string() }),
});
export type SandboxReady = z.infer<typeof ReadyLine>;

const ProgressLine = z.object({ progress: z.string() });

export type SandboxBackupJob = { cluster: string; name: string; folder: string; url: string; tools: string };

export type SandboxOptions = {
  /** Where it keeps its state: time series, certificates, tokens, kubeconfig files, signalbox.yaml. */
  folder: string;
  logs: string;
  /** Its servers take this port and the ones above. */
  portBase: number;
  /** Whether 30 days of history are written when there is none yet. */
  history: boolean;
  programs: MonitoringPrograms;
  /** The services' database per cluster. */
  databases: Record<string, string>;
  /** The database whose copies Jobs make, with the tools that they run. */
  backupJob?: SandboxBackupJob;
  progress: (line: string) => void;
};

/** Starts the pretend production as a process of its own and waits until it serves, however long history takes. */
export async function startSandbox(options: SandboxOptions): Promise<{ child: Child; ready: SandboxReady }> {
  const child = startChild({
    name: 'sandbox',
    command: process.execPath,
    args: [
      ...typescript('sandbox/main.ts'),
      ...['--data', options.folder, '--port-base', String(options.portBase)],
      ...(options.history ? [] : ['--no-history']),
    ],
    env: {
      SANDBOX_PROMETHEUS: options.programs.prometheus,
      SANDBOX_PROMTOOL: options.programs.promtool,
      SANDBOX_ALERTMANAGER: options.programs.alertmanager,
      SANDBOX_POSTGRES: JSON.stringify(options.databases),
      ...(options.backupJob === undefined ? {} : { SANDBOX_BACKUP_JOB: JSON.stringify(options.backupJob) }),
    },
    logFile: path.join(options.logs, 'sandbox.log'),
  });
  let ready: SandboxReady | undefined;
  try {
    await child.waitForLine((line) => {
      const answer = parseLine(line);
      if (answer?.kind === 'progress') options.progress(answer.text);
      if (answer?.kind === 'ready') ready = answer.ready;
      return ready !== undefined;
    });
  } catch (error) {
    await child.stop();
    throw error;
  }
  if (!ready) throw new UserError('The pretend production said it is ready, but not where.');
  return { child, ready };
}

type Line = { kind: 'progress'; text: string } | { kind: 'ready'; ready: SandboxReady };

/** What one line of its output says; undefined: nothing for us. */
export function parseLine(line: string): Line | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    const ready = ReadyLine.safeParse(value).data;
    if (ready) return { kind: 'ready', ready };
    const progress = ProgressLine.safeParse(value).data;
    return progress && { kind: 'progress', text: progress.progress };
  } catch {
    return undefined;
  }
}
