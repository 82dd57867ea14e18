import { api } from '@/lib/core/paths';
import { demoAccounts } from '@/scripts/stack/accounts';
import { lockStack } from '@/scripts/stack/lock';
import { freePorts } from '@/scripts/stack/ports';
import { type Stack, startStack } from '@/scripts/stack/stack';
import { type Client, signIn } from './clients/client';
import { load } from './clients/load';
import { demoStarts } from './console/demo-start';
import { eventLatencies } from './console/event-latency';
import { consoleSheet, type FigureName, type Measured } from './console/figures';
import { firstScripts, gzipKilobytes } from './console/first-scripts';
import { manyPods } from './console/many-pods';
import { percentile } from './report/percentile';
import { pssOfAll, treeOf } from './report/processes';
import { runBench } from './report/run-bench';

const NAME = 'bench';
const CLIENTS = 50;
const LOAD_SECONDS = 60;

type Run = { stack: Stack; clients: Client[]; progress: (line: string) => void };
type Part = { figures: readonly FigureName[]; measure: (run: Run) => Promise<Measured> };

/** In this order: memory after the load and before there is a Chromium; the pods last, since they stir everything. */
const parts: readonly Part[] = [
  {
    figures: ['overview_p95_ms', 'memory_pss_mb'],
    measure: async ({ clients }) => {
      await load(clients, api.overview('production'), { perSecond: 1, seconds: 5 });
      const latencies = await load(clients, api.overview('production'), {
        perSecond: 1,
        seconds: LOAD_SECONDS,
      });
      // This process stands for the one of `npm run demo`.
      return { overview_p95_ms: percentile(latencies, 0.95), memory_pss_mb: pssOfAll(treeOf(process.pid)) };
    },
  },
  {
    figures: ['event_to_browser_p95_ms'],
    measure: async ({ clients: [client], stack }) => ({
      event_to_browser_p95_ms: percentile(
        await eventLatencies(present(client), stack.urls.sandboxControl),
        0.95,
      ),
    }),
  },
  {
    figures: ['overview_js_gzip_kb'],
    measure: async ({ stack, progress }) => {
      const scripts = await firstScripts(stack.urls.web, demoAccounts[0].email, stack.password);
      const heaviest = scripts.toSorted((a, b) => b.gzip - a.gzip).slice(0, 5);
      progress(
        `${scripts.length} scripts; ${heaviest.map(({ path, gzip }) => `${path} ${gzip}`).join(', ')}`,
      );
      return { overview_js_gzip_kb: gzipKilobytes(scripts) };
    },
  },
  {
    figures: ['pods5000_web_growth_mb', 'pods5000_list_p95_ms'],
    measure: async ({ stack, clients }) => {
      // A fresh process: what it grew by before must not hide what the pods add.
      await stack.parts.web.stop();
      await stack.parts.web.start();
      const webPid = () => present(stack.parts.web.pid);
      const many = await manyPods({
        controlUrl: stack.urls.sandboxControl,
        webPid,
        clients: clients.slice(0, 10),
      });
      return {
        pods5000_web_growth_mb: many.growthMb,
        pods5000_list_p95_ms: percentile(many.latencies, 0.95),
      };
    },
  },
];

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The stack lost a part of itself.');
  return value;
}

/** A whole stack with history, its state and ports its own, stopped at the end whatever happens. */
async function onStack(wanted: readonly Part[], progress: (line: string) => void, signal: AbortSignal) {
  const unlock = lockStack(NAME);
  try {
    const options = { name: NAME, ports: await freePorts(), history: true, reset: true, progress, signal };
    const stack = await startStack(options);
    try {
      const clients: Client[] = [];
      for (let n = 0; n < CLIENTS; n++) {
        const account = present(demoAccounts[n % demoAccounts.length]);
        clients.push(await signIn(stack.urls.web, account.email, stack.password));
      }
      const measured: Measured = {};
      for (const part of wanted) {
        signal.throwIfAborted();
        progress(`Measuring ${part.figures.join(', ')} …`);
        Object.assign(measured, await part.measure({ stack, clients, progress }));
      }
      return measured;
    } finally {
      await stack.stop();
    }
  } finally {
    unlock();
  }
}

await runBench('console', consoleSheet, async ({ wanted, progress, signal }) => {
  const measured: Measured = {};
  if (wanted.has('demo_first_s') || wanted.has('demo_second_s')) {
    const { first, second } = await demoStarts(progress, wanted.has('demo_second_s'), signal);
    measured.demo_first_s = first;
    if (second !== undefined) measured.demo_second_s = second;
  }
  const rest = parts.filter(({ figures }) => figures.some((name) => wanted.has(name)));
  if (rest.length > 0) Object.assign(measured, await onStack(rest, progress, signal));
  return measured;
});
