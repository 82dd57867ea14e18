import 'server-only';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { isSameImage, type KnownImage } from '@/lib/core/image';
import type { ServiceBudget } from '../../analysis/budget';
import { forecastOf } from '../../analysis/forecast';
import { makeAnalysis } from '../../analysis/make-analysis';
import type { RequestPlan } from '../../contract';
import { guardSource } from '../../guard/read';
import { POD_START_SECONDS } from '../../plan/make-plan';
import type { Analysis, Staged, StagedStrategy } from '../contract';
import { scalerObjects, withHeldPods } from './autoscaler';
import { backOf } from './back';
import { refusedFor, withMaintenance } from './maintenance';
import { withMigration } from './migration';
import { capacityOf, objectsOf } from './objects';
import type { Region } from './read-region';
import { type Planned, shareAfter, stepsOf } from './steps';
import { type Work, workOf } from './work';

export type DraftParts = {
  config: Config;
  input: RequestPlan;
  planId: string;
  /** What a deploy brings; null for the kinds that bring nothing. */
  image: KnownImage | null;
  budget: ServiceBudget;
};

export type Draft = { works: [Work, ...Work[]]; staged: Staged; planned: Planned[] };

/** The steps there and back over the regions as they were read. Throws OpsError `precondition`; asks nobody. */
export function draftOf(regions: readonly Region[], parts: DraftParts): Draft {
  const { config, input, planId, image, budget } = parts;
  const { strategies } = config;
  const works = nonEmpty(regions.map((region) => workOf(region, { input, strategies, image, planId })));
  sameVersion(works);
  otherClusters(works);
  const analysis = works.map((work) => analysisOf(config, input.environment, work));
  const strategy = strategyOf(input);
  const plain = stepsOf({
    strategy,
    isRollback: input.kind === 'rollback',
    works,
    strategies,
    analysis,
    watchSeconds: config.timing.watch,
    podStartSeconds: POD_START_SECONDS,
    rateOf: (region) => rateOf(region, works.length, budget),
  });
  const inside = withMaintenance(works, withMigration({ input, works, planId }, plain));
  const planned = withHeldPods(works, inside);
  const steps = planned.map(({ step }) => step);
  const objects = works.map((work) => [...objectsOf(work, steps), ...scalerObjects(work)]);
  const shares = works.map((work) => ({
    region: work.region.region,
    before: Math.min(1, work.before[work.candidate] / 100),
    after: shareAfter(work),
  }));
  const staged: Staged = {
    strategy,
    regions: works.map(({ region }) => region.region),
    onFailure: ('onFailure' in input ? input.onFailure : undefined) ?? 'back-out-all',
    objects: objects.flat(),
    steps,
    back: backOf({ works, steps, strategies }),
    analysis,
    forecast: forecastOf({
      steps,
      shares,
      analysis,
      ...budget,
      drainSeconds: strategies.drain,
      refused: refusedFor(works, steps),
    }),
    shares,
    capacity: works.map((work) => capacityOf(work, steps)),
  };
  return { works, staged, planned };
}

function nonEmpty(works: Work[]): [Work, ...Work[]] {
  const [first, ...rest] = works;
  if (first === undefined) throw new OpsError('invalid', 'A change needs at least one region.');
  return [first, ...rest];
}

/** One version is signed: where the colours of two regions have different ones, nobody would know which. */
function sameVersion([first, ...others]: readonly [Work, ...Work[]]): void {
  const other = others.find(({ to }) => !isSameImage(to, first.to));
  if (other === undefined) return;
  throw new OpsError(
    'precondition',
    `${first.region.region} would get ${first.to.version} on ${first.candidate}, and ${other.region.region} would get ${other.to.version} on ${other.candidate}.`,
    { next: 'Take the regions one by one, or deploy one version to both.' },
  );
}

/** Two names of one cluster would make one object of two: its way back would undo what the other region still needs. */
function otherClusters(works: readonly Work[]): void {
  for (const [index, { region }] of works.entries()) {
    const twin = works.slice(0, index).find((one) => one.region.clusterUid === region.clusterUid);
    const { namespace } = region.target.placement;
    if (twin === undefined || twin.region.target.placement.namespace !== namespace) continue;
    throw new OpsError(
      'precondition',
      `${twin.region.region} and ${region.region} are the same cluster (kube-system has the same uid), so they are no two regions.`,
      { next: 'Correct the clusters in signalbox.yaml.' },
    );
  }
}

function strategyOf(input: RequestPlan): StagedStrategy {
  if (input.kind !== 'deploy') return 'shift';
  const { strategy } = input;
  if (strategy === undefined || strategy === 'rolling')
    throw new OpsError('internal', 'A rolling deploy is not made in steps.');
  return strategy;
}

function analysisOf(
  config: Config,
  environment: string,
  { region, candidate, old, from, to, baseline }: Work,
): Analysis {
  const { service } = region.target;
  const source = guardSource(config, environment, region.region);
  return makeAnalysis({
    metrics: service.metrics,
    at: { environment, region: region.region },
    versions: {
      candidate: to.version,
      baseline: from.version,
      deployments: {
        candidate: region.pair[candidate].deployment,
        baseline: baseline?.deployment ?? region.pair[old].deployment,
        ...(baseline === null ? {} : { old: region.pair[old].deployment }),
      },
    },
    guard: config.guard,
    strategies: config.strategies,
    scrapeSeconds: source?.scrapeInterval ?? 0,
  });
}

/** Requests per second of one region: its own figure, else an equal part of all. */
function rateOf(
  region: string,
  regions: number,
  { requestsPerSecond, regionsPerSecond }: ServiceBudget,
): number | null {
  const own = regionsPerSecond[region];
  if (own !== undefined) return own;
  return requestsPerSecond === null ? null : requestsPerSecond / regions;
}
