import { fork } from 'node:child_process';
import path from 'node:path';

type Doomed = { url: string; config: object };

/** Starts a worker of a process of its own, called `doomed`; `kill` resolves with the signal that ended it. */
export function startDoomed(work: 'copies' | 'drills' | 'loads', { url, config }: Doomed) {
  const started = { work, url, config, workerId: 'doomed' };
  const child = fork(path.join(import.meta.dirname, 'doomed-worker.ts'), [JSON.stringify(started)], {
    cwd: path.join(import.meta.dirname, '../../..'),
    execArgv: ['--conditions=react-server', '--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return {
    kill: async (): Promise<unknown> => {
      const died = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
      child.kill('SIGKILL');
      return died;
    },
  };
}
