import type { Config } from '@/lib/config/schema';
import { placementsIn } from '@/lib/service/placements';
import type { ServiceBudget } from '../analysis/budget';
import { rolloutForecast } from '../analysis/rollout-forecast';
import type { DeployPlan } from '../contract';
import { guardSource } from '../guard/read';
import type { Capacity } from '../staged/contract';
import { missingPods, surgePods } from './quantity';

type Parts = { config: Config; plan: DeployPlan; budget: ServiceBudget };

/** Capacity meanwhile and forecast (change-engine.md 2.8) of a change of one Deployment. */
export function rolloutParts({ config, plan, budget }: Parts): NonNullable<DeployPlan['rollout']> {
  return { capacity: capacityOf(plan), forecast: forecastFor({ config, plan, budget }) };
}

/** By the rules of a rolling update: with neither surge nor loss allowed a controller takes one pod away. */
export function capacityOf(
  plan: Pick<DeployPlan, 'region' | 'replicas' | 'maxSurge' | 'maxUnavailable' | 'write'>,
): Capacity {
  const { region, replicas, write } = plan;
  const wanted = write?.replicas ?? replicas;
  if (write?.template === undefined && write?.replicas !== undefined) {
    return { region, need: wanted, lowest: Math.min(replicas, wanted), highest: Math.max(replicas, wanted) };
  }
  const surge = surgePods(plan.maxSurge, replicas);
  const missing = missingPods(plan.maxUnavailable, replicas);
  const away = surge === 0 && missing === 0 ? 1 : missing;
  return { region, need: wanted, lowest: Math.max(0, replicas - away), highest: replicas + surge };
}

/** Null: nothing new takes requests, so nothing can fail by it. */
function forecastFor({ config, plan, budget }: Parts) {
  const [rollout, watch] = (['rollout', 'watch'] as const).map((kind) =>
    plan.steps.find((step) => step.kind === kind),
  );
  if (plan.kind === 'scale' || plan.guard.judges === false || rollout === undefined || watch === undefined)
    return null;
  return rolloutForecast({
    requestsPerSecond: rateIn(config, plan, budget),
    budget: budget.budget,
    steps: { rollout: rollout.n, watch: watch.n },
    rolloutSeconds: rollout.usualSeconds ?? 0,
    watchSeconds: plan.timing.watchSeconds,
    guard: plan.guard,
    scrapeSeconds: guardSource(config, plan.environment, plan.region)?.scrapeInterval ?? 0,
    ingestLagSeconds: config.strategies.ingestLag,
  });
}

/** Its own figure, or an equal part of what the regions with one leave. */
function rateIn(
  config: Config,
  { service, environment, region }: DeployPlan,
  { requestsPerSecond, regionsPerSecond }: ServiceBudget,
): number | null {
  const own = regionsPerSecond[region];
  if (own !== undefined || requestsPerSecond === null) return own ?? null;
  const unknown = placementsIn(config, environment).filter(
    (one) => one.service.id === service && regionsPerSecond[one.placement.region] === undefined,
  ).length;
  const known = Object.values(regionsPerSecond).reduce((sum, rate) => sum + rate, 0);
  return Math.max(0, requestsPerSecond - known) / Math.max(1, unknown);
}
