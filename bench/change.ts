import { lateness } from './change/crowd';
import { engineTestMinutes } from './change/engine-tests';
import { changeSheet, type FigureName, type Measured } from './change/figures';
import { latencies } from './change/latency';
import { takeover } from './change/takeover';
import { inWorld } from './change/world';
import { loadNow } from './report/machine';
import { type BenchRun, runBench } from './report/run-bench';

type Run = BenchRun<FigureName>;
type Part = { figures: readonly FigureName[]; measure: (run: Run) => Promise<Measured> };

/** A watch that no measurement waits out. */
const longWatch = { watchSeconds: 3600, guardSeconds: 5 };
const shortWatch = { watchSeconds: 20, guardSeconds: 5 };
const crowdWorkers = 4;

/** Each in a world of its own, so that none finds what another left. */
const parts: readonly Part[] = [
  {
    figures: ['approval_to_write_p95_ms', 'rollback_p95_ms', 'abort_p95_ms'],
    measure: (run) =>
      inWorld(run, longWatch, async (world) => {
        for (let n = 0; n < 2; n += 1) await world.worker(longWatch);
        return latencies(world, run.progress);
      }),
  },
  {
    figures: ['late_step_max_s'],
    measure: (run) =>
      inWorld(run, shortWatch, async (world) => {
        for (let n = 0; n < crowdWorkers; n += 1) await world.worker(shortWatch);
        const late = await lateness(world, shortWatch.guardSeconds);
        for (const [step, seconds] of Object.entries(late))
          run.progress(`${step}: at most ${seconds.toFixed(2)} s late.`);
        return { late_step_max_s: Math.max(...Object.values(late)) };
      }),
  },
  {
    figures: ['takeover_s'],
    measure: (run) =>
      inWorld(run, longWatch, async (world) => ({ takeover_s: await takeover(world, longWatch) })),
  },
  {
    figures: ['engine_tests_min'],
    measure: async ({ progress }) => ({ engine_tests_min: await engineTestMinutes(progress) }),
  },
];

await runBench(
  'change',
  changeSheet,
  async (run) => {
    const measured: Measured = {};
    for (const { figures, measure } of parts) {
      const wanted = figures.filter((name) => run.wanted.has(name));
      if (wanted.length === 0) continue;
      run.signal.throwIfAborted();
      run.progress(`Measuring ${wanted.join(', ')} (load ${loadNow().toFixed(2)}) …`);
      const found = await measure(run);
      for (const name of wanted) {
        const value = found[name];
        if (value !== undefined) measured[name] = value;
      }
    }
    return measured;
  },
  { mustMeet: true },
);
