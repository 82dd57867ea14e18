import type { Strategies } from '@/lib/config/traffic';
import { podsWord } from '../../words';
import type { BackStep, StagedStep, Stepwise } from '../contract';
import { lettingGo } from './autoscaler';
import { keyOf, writesOf } from './objects';
import { podsFor, type Work } from './work';

type Parts = { works: readonly Work[]; steps: readonly StagedStep[]; strategies: Strategies };

/**
 * The way back: requests first, the last region first, each only where the pods of the old version are ready to carry
 * them; then they are answered again where they were refused for maintenance; then time for open connections to end;
 * then the pods (change-engine.md 2.3: never scale first); and last the old pods are their autoscaler's again.
 */
export function backOf(parts: Parts): BackStep[] {
  const works = parts.works.toReversed();
  return [
    ...works.flatMap((work) => requests(parts, work)),
    ...works.flatMap(answering),
    ...works.flatMap((work) => pods(parts, work)),
    ...works.flatMap(lettingGo),
  ];
}

function answering(work: Work): BackStep[] {
  const { maintenance } = work.region;
  if (maintenance === null) return [];
  const object = keyOf(work.region, 'ConfigMap', maintenance.settings.configMap);
  return [{ do: 'write', object, title: `${at(work)}: maintenance mode off` }];
}

const at = ({ region }: Work): string => region.region;
const deploymentOf = (work: Work, colour: Work['old']): string =>
  keyOf(work.region, 'Deployment', work.region.pair[colour].deployment);
const percent = (share: number): string =>
  share === 100 ? 'all requests' : `${Math.round(share * 10) / 10} % of the requests`;

function requests({ steps, strategies }: Parts, work: Work): BackStep[] {
  const { region, old, before, from } = work;
  const object = deploymentOf(work, old);
  const needed = podsFor(work, before[old], strategies);
  const ready: BackStep[] =
    before[old] > 0
      ? [
          {
            do: 'ready',
            object,
            pods: needed,
            title: `${at(work)}: ${podsWord(needed)} of ${from.version} ready on ${old}`,
          },
        ]
      : [];
  const { router } = region;
  if (router === null) {
    const isStopped = writesOf(steps, object).length > 0;
    const title = `${at(work)}: start ${podsWord(region.members[old].live.replicas)} of ${from.version} on ${old} again`;
    return [...(isStopped ? [{ do: 'write' as const, object, title }] : []), ...ready];
  }
  const title = `${at(work)}: send ${percent(before[old])} to ${from.version} on ${old} again`;
  const key = keyOf(region, router.kind, router.name);
  return [...ready, { do: 'write', object: key, title, ...stepwiseOf(work) }];
}

/** A router with weights sends the old version no more than its ready pods carry, until all are there. */
function stepwiseOf({ region, old, before, need }: Work): { stepwise?: Stepwise } {
  const { blue, green, baseline, traffic } = region.pair;
  if (traffic.kind !== 'virtual-service' && traffic.kind !== 'http-route') return {};
  if (before[old] <= 0) return {};
  const beside = baseline === undefined ? {} : { baseline: { service: baseline.service } };
  const pair = { blue: { service: blue.service }, green: { service: green.service }, ...beside, traffic };
  return { stepwise: { pair, colour: old, percent: before[old], need } };
}

function pods({ steps, strategies }: Parts, work: Work): BackStep[] {
  const { region, candidate } = work;
  const object = deploymentOf(work, candidate);
  if (writesOf(steps, object).length === 0) return [];
  const count = podsWord(region.members[candidate].live.replicas);
  return [
    {
      do: 'drain',
      object,
      seconds: strategies.drain,
      title: `${at(work)}: time for open connections to ${candidate} to end`,
    },
    { do: 'write', object, title: `${at(work)}: put ${candidate} back as it was, with ${count}` },
    ...besideOf(work),
  ];
}

/** The time for connections has been waited for already: its requests went with those of the new version. */
function besideOf({ region, baseline }: Work): BackStep[] {
  if (baseline === null || region.baseline === null) return [];
  const count = podsWord(region.baseline.now.live.replicas);
  const object = keyOf(region, 'Deployment', baseline.deployment);
  return [
    {
      do: 'write',
      object,
      title: `${region.region}: put the baseline ${baseline.deployment} back as it was, with ${count}`,
    },
  ];
}
