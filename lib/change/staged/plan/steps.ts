import type { Colour } from '@/lib/config/colours';
import { formatDuration } from '@/lib/core/duration';
import { timeToEvidence } from '../../analysis/evidence';
import { podsWord } from '../../words';
import type { Fields } from '../contract';
import { type Shares, sharesFor, withShares } from '../router';
import { besidePercent, comparedWith, growBeside, retireBeside } from './beside';
import { guide } from './guide';
import { keyOf } from './objects';
import type { Planned, StepParts } from './planned';
import { podsFor, reachable, type Work } from './work';

export type { Planned, StepParts };

/** The steps of a change over all its regions, in the order in which they are taken. */
export function stepsOf(parts: StepParts): Planned[] {
  const { works } = parts;
  const steps =
    parts.strategy === 'big-bang'
      ? allAtOnce(parts)
      : parts.isRollback
        ? proofsLast(works.map((work) => inRegion(parts, work)))
        : works.flatMap((work, index) => [
            ...inRegion(parts, work),
            ...(index < works.length - 1 ? [soak(parts, work)] : []),
          ]);
  return [...steps, watch(parts)];
}

const isProof = ({ step }: Planned): boolean => step.do === 'prove';

/** Of a rollback: no region waits for the figures of another one (change-engine.md 2.2, 14). */
const proofsLast = (regions: readonly Planned[][]): Planned[] => [
  ...regions.flatMap((steps) => steps.filter((one) => !isProof(one))),
  ...regions.flatMap((steps) => steps.filter(isProof)),
];

function inRegion(parts: StepParts, work: Work): Planned[] {
  const { strategies } = parts;
  const isByPods = work.region.router === null;
  const weights =
    parts.strategy === 'canary' ? strategies.canary : parts.strategy === 'gradual' ? strategies.gradual : [];
  if (parts.strategy === 'shift') return isByPods ? shiftPods(parts, work) : shift(parts, work);
  return isByPods ? byPods(parts, work, weights) : byWeights(parts, work, weights);
}

type Weights = readonly { weight: number; hold: number }[];

/**
 * Up, by the order of writes of change-engine.md 2.3: pods, endpoints, weight, proof, and only then the clock of the
 * hold. The old colour keeps all its pods.
 */
function byWeights(parts: StepParts, work: Work, weights: Weights): Planned[] {
  const { strategies } = parts;
  const steps: Planned[] = [];
  let pods = 0;
  let beside = 0;
  for (const { weight, hold } of [...weights, { weight: 100, hold: 0 }]) {
    const wanted = podsFor(work, weight, strategies);
    const other = besidePercent(work, weight);
    const own = wanted <= pods ? [] : (pods === 0 ? start : grow)(parts, work, wanted);
    const third = other > 0 && wanted > beside ? growBeside(parts, work, wanted, beside) : [];
    steps.push(...writesFirst([...own, ...third]));
    steps.push(
      route(parts, work, weight, work.candidate, other),
      prove(parts, work, weight / 100, { baseline: other / 100 }),
    );
    pods = Math.max(pods, wanted);
    if (other > 0) beside = Math.max(beside, wanted);
    else if (beside > 0) {
      steps.push(...retireBeside(parts, work, beside));
      beside = 0;
    }
    if (hold > 0) steps.push(holding(parts, work, weight / 100, hold, other / 100));
  }
  return steps;
}

/** Pods that are to be compared start together, and are waited for together. */
const writesFirst = (steps: readonly Planned[]): Planned[] => [
  ...steps.filter(({ step }) => step.do === 'write'),
  ...steps.filter(({ step }) => step.do !== 'write'),
];

/** The same where the share is that of the pods: the new ones come beside the old, which go last. */
function byPods(parts: StepParts, work: Work, weights: Weights): Planned[] {
  const steps: Planned[] = [];
  let pods = 0;
  for (const { weight, hold } of weights) {
    const found = reachable(work.need, weight, work.region.region);
    if (found.pods > pods) {
      const up = pods === 0 ? start(parts, work, found.pods) : grow(parts, work, found.pods);
      steps.push(...up, prove(parts, work, found.share, { wish: weight }));
      pods = found.pods;
    }
    steps.push(holding(parts, work, pods / (pods + work.need), hold));
  }
  if (pods < work.need)
    steps.push(...(pods === 0 ? start(parts, work, work.need) : grow(parts, work, work.need)));
  return [...steps, ...retire(parts, work), prove(parts, work, 1)];
}

/** DEP-08: the new version is ready everywhere before the first request is sent to it anywhere. */
function allAtOnce(parts: StepParts): Planned[] {
  const ups = parts.works.map((work) => start(parts, work, work.need));
  return [
    ...ups.flatMap((steps) => steps.filter(({ step }) => step.do === 'write')),
    ...ups.flatMap((steps) => steps.filter(({ step }) => step.do !== 'write')),
    ...parts.works.map((work) => route(parts, work, 100, work.candidate)),
    ...parts.works.map((work) => prove(parts, work, 1)),
  ];
}

/** To a colour whose pods have the version already: they are only made enough. */
function shift(parts: StepParts, work: Work): Planned[] {
  const pods = podsFor(work, work.weight, parts.strategies);
  const now = work.region.members[work.candidate].live.replicas;
  const up = now < pods ? grow(parts, work, pods) : [ready(parts, work, pods)];
  // Between two weights the header rule stays where it is: at the colour that was tried first.
  const isNew = work.before[work.candidate] === 0 || work.weight === 100;
  return [
    ...up,
    route(parts, work, work.weight, isNew ? work.candidate : null),
    prove(parts, work, work.weight / 100),
  ];
}

function shiftPods(parts: StepParts, work: Work): Planned[] {
  if (work.weight === 100) {
    return [...grow(parts, work, work.need), ...retire(parts, work), prove(parts, work, 1)];
  }
  const found = reachable(work.need, work.weight, work.region.region);
  return [...grow(parts, work, found.pods), prove(parts, work, found.share, { wish: work.weight })];
}

const at = ({ region }: Work): string => region.region;
const percentWords = (share: number): string => `${Math.round(share * 1000) / 10} %`;
const member = (work: Work, colour: Colour): string =>
  keyOf(work.region, 'Deployment', work.region.pair[colour].deployment);

function start(parts: StepParts, work: Work, pods: number): Planned[] {
  if (work.template === null) return grow(parts, work, pods);
  const set: Fields = { template: work.template, replicas: pods, paused: false };
  const title = `${at(work)}: start ${podsWord(pods)} of ${work.to.version} on ${work.candidate}`;
  return [write(work, set, title, prepareDetail(parts, work)), ready(parts, work, pods)];
}

const prepareDetail = (parts: StepParts, { old }: Work): string =>
  `The checks run again right before the first write. ${old} keeps all its pods.${guide(parts, 'prepare')}`;

function grow(parts: StepParts, work: Work, pods: number): Planned[] {
  const set: Fields = { replicas: pods };
  const title = `${at(work)}: scale ${work.candidate} to ${podsWord(pods)}`;
  return [
    write(work, set, title, 'One write, refused when somebody else has changed it meanwhile.'),
    ready(parts, work, pods),
  ];
}

const write = (work: Work, set: Fields, title: string, detail: string): Planned => ({
  step: { do: 'write', object: member(work, work.candidate), set },
  title,
  usualSeconds: 2,
  detail,
});

function ready(parts: StepParts, work: Work, pods: number): Planned {
  const { members, pair } = work.region;
  const { service } = pair[work.candidate];
  const { minReadySeconds } = members[work.candidate].deployment.spec;
  return {
    step: { do: 'ready', object: member(work, work.candidate), pods, service },
    title: `${at(work)}: ${podsWord(pods)} of ${work.to.version} ready on ${work.candidate}`,
    usualSeconds: parts.podStartSeconds + minReadySeconds,
    detail: `The rollout is complete, and ${service} has as many ready endpoints.${guide(parts, 'ready')}`,
  };
}

function route(parts: StepParts, work: Work, percent: number, header: Colour | null, baseline = 0): Planned {
  const { router, pair } = work.region;
  if (router === null) throw new Error('A pair without a router has no weights to write.');
  const shares = sharesBeside(work, percent, baseline);
  const set = withShares(pair, router.fields, shares, header);
  const whole = percent === 100 ? 'all requests' : `${percent} % of the requests`;
  const beside = baseline === 0 ? '' : `, and as many to the baseline`;
  const others = work.baseline === null ? 'the two colours' : 'the two colours and the baseline';
  return {
    step: { do: 'write', object: keyOf(work.region, router.kind, router.name), set },
    title: `${at(work)}: send ${whole} to ${work.to.version} on ${work.candidate}${beside}`,
    usualSeconds: 2,
    detail: `One write of ${router.kind} ${router.name}; only the shares of ${others} change.${guide(parts, 'route')}`,
  };
}

/** What the baseline gets is taken from the old colour: the version that both run serves no less. */
function sharesBeside({ candidate, old }: Work, percent: number, baseline: number): Shares {
  const shares = sharesFor(candidate, percent);
  return baseline === 0 ? shares : { ...shares, [old]: shares[old] - baseline, baseline };
}

/** `wish`: percent that was asked for, where pods can only come near it; `baseline`: its part beside the new version. */
function prove(
  parts: StepParts,
  work: Work,
  share: number,
  { wish, baseline = 0 }: { wish?: number; baseline?: number } = {},
): Planned {
  const found = parts.analysis.find(({ region }) => region === at(work));
  const asked = wish === undefined ? '' : ` ${wish} % were asked for; pods reach ${percentWords(share)}.`;
  const of = work.baseline === null ? 'both colours' : 'both colours and the baseline';
  return {
    step: { do: 'prove', region: at(work), share, ...besideShare(work, baseline) },
    title: `${at(work)}: ${percentWords(share)} of the requests reach ${work.to.version}`,
    usualSeconds: found?.settleSeconds ?? null,
    detail: `Counted from the requests of ${of}.${asked}${parts.isRollback ? ' Goes on without proof, too.' : ''}`,
  };
}

const besideShare = ({ baseline }: Work, share: number): { baseline?: number } =>
  baseline === null ? {} : { baseline: share };

function holding(parts: StepParts, work: Work, share: number, seconds: number, baseline = 0): Planned {
  const { minRequests } = parts.strategies;
  const evidence = timeToEvidence(minRequests, share, parts.rateOf(at(work)));
  const compared = parts.strategy === 'canary' ? comparedWith(work, baseline) : '';
  return {
    step: {
      do: 'hold',
      region: at(work),
      share,
      ...besideShare(work, baseline),
      seconds,
      minRequests,
    },
    title: `${at(work)}: hold at ${percentWords(share)} for ${formatDuration(seconds)}`,
    usualSeconds: Math.max(seconds, evidence.seconds ?? 0),
    detail: `Goes on only with a passing verdict on ${work.to.version}.${compared} ${evidence.sentence}`,
  };
}

function soak(parts: StepParts, work: Work): Planned {
  const { soak: seconds } = parts.strategies;
  return {
    ...holding(parts, work, shareAfter(work), seconds),
    title: `${at(work)}: soak for ${formatDuration(seconds)} before the next region`,
  };
}

/** The old pods go when the new ones are all there: where pods are the share, they cannot stay. */
function retire({ strategies }: StepParts, work: Work): Planned[] {
  const object = member(work, work.old);
  const pods = work.region.members[work.old].live.replicas;
  return [
    {
      step: { do: 'drain', object, seconds: strategies.drain },
      title: `${at(work)}: wait ${formatDuration(strategies.drain)} before ${work.old} stops`,
      usualSeconds: strategies.drain,
      detail: 'Time for requests that are under way to end.',
    },
    {
      step: { do: 'write', object, set: { replicas: 0 } },
      title: `${at(work)}: stop the ${podsWord(pods)} of ${work.from.version} on ${work.old}`,
      usualSeconds: 2,
      detail: 'One Service selects both colours, so the old pods take requests until they are gone.',
    },
  ];
}

/** Share of the candidate at the end, 0 to 1. */
export function shareAfter(work: Work): number {
  if (work.weight === 100) return 1;
  return work.region.router === null
    ? reachable(work.need, work.weight, work.region.region).share
    : work.weight / 100;
}

function watch(parts: StepParts): Planned {
  const { works, watchSeconds } = parts;
  const versions = [...new Set(works.map(({ to }) => to.version))].join(', ');
  const where = works.map(at).join(' and ');
  return {
    step: { do: 'watch', seconds: watchSeconds },
    title: `Watch ${versions} in ${where} for ${formatDuration(watchSeconds)}`,
    usualSeconds: watchSeconds,
    detail: parts.isRollback
      ? 'Held for a person when it fails. Succeeds unjudged when there are no figures.'
      : `Succeeds only with a passing verdict in every region at the end.${guide(parts, 'watch')}`,
  };
}
