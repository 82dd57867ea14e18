import 'server-only';
import type { Config } from '@/lib/config/schema';
import type { DeployPlan, RequestPlan } from '../contract';
import type { Observed } from '../execute/observe';
import { guardQueries } from '../guard/query';
import { guardSource, readGuard } from '../guard/read';
import { judge } from '../guard/verdict';
import { templateKey } from '../template';
import type { Target } from './find-target';

type Undo = DeployPlan['undo'];

/**
 * What a plan goes back to, with the requests that it served just before, when it runs now, is healthy and they pass: a
 * later rollback may then call it known to be good. Without a passing verdict, or without Prometheus, nothing
 * is said; a rollback asks Prometheus nothing for it.
 */
export async function withServed(
  config: Config,
  { service }: Target,
  { kind, environment, region }: RequestPlan,
  { undo, observed }: { undo: Undo; observed: Pick<Observed, 'deployment'> },
): Promise<Undo> {
  const runs = undo.template === templateKey(observed.deployment.spec.template);
  if (!runs || undo.isKnownGood === false || kind === 'rollback') return undo;
  const { window, interval, grace, ...limits } = config.guard;
  const query = guardQueries(service.metrics, { environment, region, version: undo.version }, window);
  const { verdict, total, failed } = judge(await readGuard(guardSource(config, environment, region), query), {
    ...limits,
    query,
    windowSeconds: window,
    intervalSeconds: interval,
    graceSeconds: grace,
  });
  if (verdict !== 'PASS' || total === null || failed === null) return undo;
  return { ...undo, served: { total: Math.round(total), failed: Math.round(failed) } };
}
