import { fork } from 'node:child_process';
import path from 'node:path';
import type { Enumerated } from './generate';
import type { Ground } from './ground';
import { type Outcome, runSchedule } from './run-schedule';

const root = path.join(import.meta.dirname, '../../..');

/**
 * A worker in a process of its own that is killed with SIGKILL at a point; others finish its change. Null when it
 * ended before it reached the point.
 */
export async function killAt(sim: Ground, one: Enumerated, dieAt: number): Promise<Outcome | null> {
  let killed = false;
  const outcome = await runSchedule(sim, {
    ...one,
    lives: [],
    first: async () => {
      killed = (await doomed(sim, dieAt)) === 'SIGKILL';
    },
  });
  return killed ? outcome : null;
}

function doomed(sim: Ground, dieAt: number): Promise<string | number | null> {
  const told = {
    url: sim.url,
    kubeconfig: sim.kubeconfig,
    prometheus: sim.prometheus.url,
    dieAt,
    nowMs: sim.clock.now(),
  };
  const child = fork(path.join(import.meta.dirname, 'doomed.ts'), [JSON.stringify(told)], {
    cwd: root,
    execArgv: ['--conditions=react-server', '--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.on('message', async (message) => {
    const ms = typeof message === 'object' && 'ms' in message ? Number(message.ms) : 0;
    await sim.advance(ms);
    if (child.connected) child.send({ nowMs: sim.clock.now() });
  });
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
}
