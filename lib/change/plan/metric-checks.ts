import 'server-only';
import type { Config } from '@/lib/config/schema';
import { formatDuration } from '@/lib/core/duration';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { budgetNow } from '@/lib/slo/fleet/budget';
import { windowWords } from '@/lib/slo/fleet/row';
import type { DataState } from '@/lib/slo/model';
import type { DeployPlan, Precheck } from '../contract';
import { guardQueries } from '../guard/query';
import { guardSource, readSample } from '../guard/read';
import { gateCheck } from './plan-gate';
import { soon } from './soon';

/** Whether the guard will see, and what is left of the error budget or what the gate on it says. */
export async function metricChecks(
  config: Config,
  db: DatabaseOrTransaction,
  plan: DeployPlan,
): Promise<Precheck[]> {
  const gate = plan.gate === undefined ? null : gateCheck(plan.gate);
  const [guard, budget] = await Promise.all([
    // What takes no requests is judged by none.
    plan.guard.judges === false ? null : guardCheck(config, plan),
    gate ?? budgetCheck(config, db, plan),
  ]);
  return [guard, budget].filter((check) => check !== null);
}

/** The version that runs now must have series: else the guard would be blind for the next one too. */
async function guardCheck(config: Config, plan: DeployPlan): Promise<Precheck> {
  const title = 'The guard can see the requests';
  const service = config.services.find(({ id }) => id === plan.service);
  const source = guardSource(config, plan.environment, plan.region);
  const at = { environment: plan.environment, region: plan.region, version: plan.from.version };
  const query =
    service === undefined ? '' : guardQueries(service.metrics, at, plan.guard.windowSeconds).total;
  const sample = await soon(plan, readSample(source, query), {
    ok: false as const,
    problem: 'Prometheus did not answer within a second, and a rollback waits no longer for it.',
  });
  const pause =
    plan.kind === 'rollback'
      ? 'It goes on without a verdict.'
      : 'The rollout would be paused until there is a verdict.';
  if (!sample.ok) return { id: 'guard', title, result: 'warn', detail: `${sample.problem} ${pause}` };
  if (sample.value === null || !Number.isFinite(sample.value)) {
    const detail = `Prometheus has no requests of the running version ${plan.from.version}. ${pause}`;
    return { id: 'guard', title, result: 'warn', detail };
  }
  const requests = Math.round(sample.value);
  const window = formatDuration(plan.guard.windowSeconds);
  const enough = requests >= plan.guard.minRequests;
  return {
    id: 'guard',
    title,
    result: enough ? 'pass' : 'warn',
    detail: enough
      ? `${requests} requests of ${plan.from.version} in the last ${window}.`
      : `Only ${requests} requests in the last ${window}; a verdict needs ${plan.guard.minRequests}. ${pause}`,
  };
}

/** What the SLO page says of the service's first objective, all its regions together; null when it has none. */
async function budgetCheck(
  config: Config,
  db: DatabaseOrTransaction,
  plan: DeployPlan,
): Promise<Precheck | null> {
  const found = await budgetNow(db, config, plan);
  if (found === null) return null;
  const { slo, figures, away } = found;
  const warn = (detail: string): Precheck => ({ id: 'budget', title, result: 'warn', detail });
  const title = `Error budget of ${slo.name}`;
  if (figures.budgetLeft === null) return warn(away ?? unknown[figures.state]);
  const text = `${(Math.floor(figures.budgetLeft * 1000) / 10).toFixed(1)} % is left of ${windowWords(slo)} at ${slo.objective} %.`;
  if (away !== null) return warn(`${text} ${away}`);
  if (figures.budgetLeft <= 0) return warn(`It is used up: ${text}`);
  return figures.state === 'partial'
    ? warn(`${text} Only ${(figures.coverage * 100).toFixed(0)} % of the window is recorded.`)
    : { id: 'budget', title, result: 'pass', detail: text };
}

/** Why there is no budget to tell. */
const unknown: Record<DataState, string> = {
  'no-data': 'Nothing of its window is recorded.',
  'no-traffic': 'Nothing was asked in its window.',
  invalid: 'Its counts contradict themselves.',
  partial: 'Too little of its window is recorded.',
  ok: '',
  'no-errors': '',
};
