import { formatDuration } from '@/lib/core/duration';
import { podsWord } from '../../words';
import type { Fields } from '../contract';
import { keyOf } from './objects';
import type { Planned, StepParts } from './planned';
import type { Work } from './work';

/**
 * Pods of the old version that start with those of a canary and get the same part of the requests: what differs between
 * the two is the version alone (change-engine.md 1.1).
 */
type Beside = NonNullable<Work['baseline']>;

/** Percent for the baseline beside so many for the new version: as many, and none where both have no room. */
export const besidePercent = ({ baseline }: Work, percent: number): number =>
  baseline === null || percent > 50 ? 0 : percent;

const at = ({ region }: Work): string => region.region;
const member = (work: Work, { deployment }: Beside): string => keyOf(work.region, 'Deployment', deployment);

/** Starts them, or makes them more where `now` of them run. */
export function growBeside(parts: StepParts, work: Work, pods: number, now: number): Planned[] {
  const { baseline, from, region } = work;
  if (baseline === null) return [];
  const set: Fields =
    now > 0 ? { replicas: pods } : { template: baseline.template, replicas: pods, paused: false };
  const verb = now > 0 ? 'scale the baseline to' : 'start';
  const what = now > 0 ? podsWord(pods) : `${podsWord(pods)} of ${from.version} as the baseline`;
  const { minReadySeconds } = region.baseline?.now.deployment.spec ?? { minReadySeconds: 0 };
  return [
    {
      step: { do: 'write', object: member(work, baseline), set },
      title: `${at(work)}: ${verb} ${what}`,
      usualSeconds: 2,
      detail: `As many as the new version has, started with them, so that both are as new: ${baseline.deployment}.`,
    },
    {
      step: { do: 'ready', object: member(work, baseline), pods, service: baseline.service },
      title: `${at(work)}: ${podsWord(pods)} of ${from.version} ready as the baseline`,
      usualSeconds: parts.podStartSeconds + minReadySeconds,
      detail: `The rollout is complete, and ${baseline.service} has as many ready endpoints.`,
    },
  ];
}

/** Beside more than half of the requests there is no room for as many more, and in the end nothing to compare. */
export function retireBeside({ strategies }: StepParts, work: Work, pods: number): Planned[] {
  const { baseline, from } = work;
  if (baseline === null) return [];
  const object = member(work, baseline);
  return [
    {
      step: { do: 'drain', object, seconds: strategies.drain },
      title: `${at(work)}: wait ${formatDuration(strategies.drain)} before the baseline stops`,
      usualSeconds: strategies.drain,
      detail: 'Time for requests that are under way to end.',
    },
    {
      step: { do: 'write', object, set: { replicas: 0 } },
      title: `${at(work)}: stop the ${podsWord(pods)} of ${from.version} of the baseline`,
      usualSeconds: 2,
      detail: 'They take no requests any more.',
    },
  ];
}

/** What a canary is compared with in a hold, for people. */
export function comparedWith(work: Work, percent: number): string {
  const { baseline, from, region, old } = work;
  if (baseline !== null && percent > 0)
    return ` Compared with the pods of the baseline, of ${from.version}, as many and as new, with the same part of the requests.`;
  const since = region.members[old].podsSince;
  const age = since === null ? '' : `, whose oldest pod was made on ${since.slice(0, 10)}`;
  return ` Compared with ${from.version} in the same window${age}.`;
}
