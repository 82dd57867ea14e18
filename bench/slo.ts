import { costOf, costText } from './report/cost';
import { loadNow } from './report/machine';
import { type BenchRun, runBench } from './report/run-bench';
import { type FigureName, type Measured, sloSheet } from './slo/figures';
import { rawIncreaseSeconds } from './slo/raw-increase';
import { backfillCost, tickCosts } from './slo/recording';
import { storageGigabytes } from './slo/storage';
import { objectives } from './slo/traffic';
import { measureWeb } from './slo/web';
import { inWorld, type World } from './slo/world';

// What a recorder logs would stand between the figures.
process.env['LOG_LEVEL'] ??= 'silent';

type Part = {
  figures: readonly FigureName[];
  measure: (world: World, run: BenchRun<FigureName>) => Promise<Measured>;
};

/** In this order: what reads the tables comes after what fills them. */
const parts: readonly Part[] = [
  {
    figures: ['storage_gb_90d'],
    measure: async ({ storageUrl }) => ({
      storage_gb_90d: await storageGigabytes(storageUrl, Date.now() / 1000),
    }),
  },
  {
    figures: [
      'backfill_slos_per_s',
      'recorder_tick_s',
      'overview_upstream_queries',
      'overview_p95_ms',
      'slo_page_first_data_ms',
    ],
    measure: async (world, { signal, progress, wanted }) => {
      const recording = { db: world.db, config: world.config, signal };
      const backfill = await backfillCost(recording);
      progress(`Backfill: ${costText(backfill)}.`);
      const measured: Measured = { backfill_slos_per_s: objectives / backfill.seconds };
      if (wanted.has('recorder_tick_s')) {
        const ticks = await tickCosts(recording);
        for (const tick of ticks) progress(`Tick: ${costText(tick)}.`);
        measured.recorder_tick_s = Math.max(...ticks.map(({ seconds }) => seconds));
      }
      if (!webFigures.some((name) => wanted.has(name))) return measured;
      const web = await measureWeb({ ...world, port: world.webPort, progress });
      return {
        ...measured,
        overview_upstream_queries: web.upstreamQueries,
        overview_p95_ms: web.listP95Ms,
        slo_page_first_data_ms: web.pageP95Ms,
      };
    },
  },
  {
    figures: ['raw_increase_s'],
    measure: async ({ config }, { signal }) => ({ raw_increase_s: await rawIncreaseSeconds(config, signal) }),
  },
];
const webFigures = ['overview_upstream_queries', 'overview_p95_ms', 'slo_page_first_data_ms'] as const;

await runBench('slo', sloSheet, (run) =>
  inWorld(run, async (world) => {
    const measured: Measured = {};
    for (const { figures, measure } of parts) {
      const wanted = figures.filter((name) => run.wanted.has(name));
      if (wanted.length === 0) continue;
      run.signal.throwIfAborted();
      run.progress(`Measuring ${wanted.join(', ')} (load ${loadNow().toFixed(2)}) …`);
      const cost = await costOf(() => measure(world, run));
      const found = cost.result;
      run.progress(costText(cost));
      for (const name of wanted) {
        const value = found[name];
        if (value !== undefined) measured[name] = value;
      }
    }
    return measured;
  }),
);
