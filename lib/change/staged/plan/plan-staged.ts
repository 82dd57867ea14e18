import 'server-only';
import type { ClusterClient } from '@/lib/actuators/kubernetes/client';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import type { Database } from '@/lib/db/client';
import { readServiceBudget } from '../../analysis/budget';
import type { DeployPlan, Precheck, RequestPlan } from '../../contract';
import { findTargets } from '../../plan/find-target';
import { withApi } from '../../plan/plan-api';
import { readGoingBack, readPlanGate, type WantedIn } from '../../plan/plan-gate';
import { knownImage, resolveWanted } from '../../plan/resolve-image';
import { stagedChecks } from './checks';
import { draftOf } from './draft';
import { dryRunAll } from './dry-run';
import { dryRunJob } from './dry-run-job';
import { fromOf, outerPlan, toOf } from './outer';
import { readRegion } from './read-region';
import { wantsOf } from './wants';
import type { Work } from './work';

/** What the planner reads from; the worker that answers has it. */
export type Planner = { db: Database; config: Config; cluster: (id: string) => ClusterClient };

type Asked = { input: RequestPlan; user: string; planId: string };

/**
 * The plan of a change over a pair of colours in one or more regions, from signalbox.yaml and the live objects, with
 * its checks. Throws OpsError with a next step where there is nothing to do or no safe way, and ClusterError.
 */
export async function planStaged(
  worker: Planner,
  { input, user, planId }: Asked,
): Promise<{ plan: DeployPlan; prechecks: Precheck[] }> {
  const { config, db } = worker;
  const targets = findTargets(config, input);
  const [first] = targets;
  if (first === undefined) throw new OpsError('invalid', 'A change needs at least one region.');
  const [regions, resolved, budget] = await Promise.all([
    Promise.all(
      targets.map((target) => readRegion(worker.cluster(target.placement.cluster), target, wantsOf(input))),
    ),
    resolveWanted(config, first, input),
    readServiceBudget(db, config, input),
  ]);
  const image = resolved === null ? null : knownImage(resolved);
  const draft = draftOf(regions, { config, input, planId, image, budget });
  const { works, staged } = draft;
  const { steps } = staged;
  const onBehalfOf = { user, attempt: 'plan' };
  const diff = await Promise.all(
    works.map(({ region }) => {
      const objects = staged.objects.filter((one) => one.region === region.region);
      return dryRunAll(region, objects, steps, onBehalfOf);
    }),
  );
  const job = await dryRunJob(works[0], steps, onBehalfOf);
  const parts = { config, input, ...draft, diff: [...diff.flat(), ...job] };
  const [work, ...others] = works;
  const goesBack = await readGoingBack(db, input, [wantedIn(work), ...others.map(wantedIn)]);
  const gate = await readPlanGate(db, config, input, goesBack);
  const plan = await withApi(outerPlan({ ...parts, gate, goesBack }), worker.cluster);
  const prechecks = await stagedChecks({ config, db, plan, staged, works, onBehalfOf, resolved });
  return { plan, prechecks };
}

/** What takes the requests of a region now, and what is to take them. */
function wantedIn(work: Work): WantedIn {
  const from = fromOf(work);
  return {
    region: work.region.region,
    wanted: { running: from.image, runs: from.digest, ...toOf(work), undo: from },
  };
}
