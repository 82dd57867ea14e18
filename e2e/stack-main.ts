import { once } from 'node:events';
import { demoStrategies, demoTiming } from '../sandbox/demo/signalbox.yaml';
import { serveControl } from '../scripts/stack/control';
import { freePorts, portsFrom } from '../scripts/stack/ports';
import { startStack } from '../scripts/stack/stack';

/**
 * Starts a whole stack of its own for the journeys, prints one JSON line when it is ready, and stops everything
 * on SIGTERM. A process of its own, since the test runner must not be the parent of servers it may outlive.
 * Its control port lets journeys kill and start single parts. Several run beside one another when each is given a
 * name and the first port of a block of its own.
 */
const [name = 'e2e', firstPort] = process.argv.slice(2);

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
process.once('SIGINT', () => stop.abort());

const first = Number(firstPort);
const ports = firstPort === undefined ? await freePorts() : portsFrom(first, first + 1);
const stack = await startStack({
  name,
  ports,
  history: true,
  copies: true,
  reset: true,
  durable: false,
  // A journey to the end of a change waits for the watch twice; half a minute shows the same as longer ones.
  timing: {
    ...demoTiming,
    timing: { ...demoTiming.timing, watch: '30s' },
    backups: { recheck: '40s' },
    // Short windows: each step of a canary waits until nothing of the time before it is left in them.
    strategies: {
      ...demoStrategies,
      canary: [{ weight: 5, hold: '5s' }],
      window: '20s',
      minVerdict: 5,
      proveWindow: '15s',
      ingestLag: '1s',
      shareTolerance: 0.9,
      proveTimeout: '150s',
      drain: '3s',
      soak: '5s',
    },
  },
  progress: (line) => process.stderr.write(`${name}: ${line}\n`),
  signal: stop.signal,
});
const control = await serveControl(stack, ports.control);
process.stdout.write(
  `${JSON.stringify({
    ready: true,
    web: stack.urls.web,
    worker: stack.urls.worker,
    control: stack.urls.sandboxControl,
    parts: control.url,
    databaseUrl: stack.databaseUrl,
    configFile: stack.configFile,
    password: stack.password,
    kubeconfigs: stack.sandbox.kubeconfigs,
  })}\n`,
);
if (!stop.signal.aborted) await once(stop.signal, 'abort');
control.close();
await stack.stop();
