import type { ChangeView, MeasuredView, MeasurementView } from '@/lib/change/contract';
import type { ChangeState } from '@/lib/change/model';
import { promotionRefusal } from '@/lib/change/promotion';
import { stagedPlan } from '@/lib/change/testing/staged-plan';
import { testView } from '../test-view';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 14, 0, seconds)).toISOString();

export const reading = (seconds: number, part: Partial<MeasurementView> = {}): MeasurementView => ({
  id: String(100_000 + seconds),
  at: at(seconds),
  step: 5,
  verdict: 'PASS',
  total: 200,
  failed: 1,
  detail: '0.5 % of 200 requests failed.',
  region: 'us-east-1',
  proves: false,
  share: 0.049,
  baselineTotal: 3800,
  baselineFailed: 4,
  ...part,
});

/** What the database would say of these readings if there were no others. */
function measuredOf(measurements: readonly MeasurementView[]): MeasuredView[] {
  return [...Map.groupBy(measurements, ({ region }) => region)].map(([region, own]) => {
    const of = (...verdicts: string[]) => own.filter(({ verdict }) => verdicts.includes(verdict));
    const judged = of('PASS', 'FAIL');
    return {
      region,
      passed: of('PASS').length,
      failed: of('FAIL').length,
      unjudged: of('NODATA', 'ERROR').length,
      firstJudged: judged[0] ?? null,
      lastJudged: judged.at(-1) ?? null,
    };
  });
}

type Parts = { running?: number; change?: Partial<ChangeView['change']>; view?: Partial<ChangeView> };

/** A canary of two regions whose step of this number runs; blue has what the weights leave to the old version. */
export function stagedView(
  state: ChangeState,
  { running = 5, change = {}, view = {} }: Parts = {},
): ChangeView {
  const base = testView(state, { startedAt: at(0), ...change });
  const steps: ChangeView['steps'] = stagedPlan.steps.map(({ n, kind, title, usualSeconds }) => ({
    n,
    kind,
    title,
    state: n < running ? 'done' : n === running ? 'running' : 'pending',
    startedAt: n <= running ? at(n) : null,
    finishedAt: n < running ? at(n + 1) : null,
    usualSeconds,
    detail: null,
  }));
  const backingOut = change.backingOut ?? false;
  const promote = promotionRefusal({ state, backingOut, plan: stagedPlan }, steps);
  return {
    ...base,
    plan: stagedPlan,
    steps,
    traffic: stagedPlan.staged.regions.map((region, index) => ({
      region,
      colours: {
        state: 'fresh',
        observedAt: at(60),
        value: [
          {
            colour: 'blue',
            version: '1.8.0',
            share: index === 0 ? 0.95 : 1,
            pods: 3,
            ready: 3,
            part: 'old',
            wanted: index === 0 ? 0.95 : 1,
          },
          {
            colour: 'green',
            version: '2.0.0',
            share: index === 0 ? 0.05 : 0,
            pods: index === 0 ? 2 : 0,
            ready: index === 0 ? 2 : 0,
            part: 'new',
            wanted: index === 0 ? 0.05 : 0,
          },
        ],
      },
    })),
    you: { ...base.you, refusals: { ...base.you.refusals, promote } },
    measured: measuredOf(view.measurements ?? []),
    ...view,
  };
}
