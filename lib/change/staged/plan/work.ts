import { type Colour, colours, otherColour } from '@/lib/config/colours';
import type { Strategies } from '@/lib/config/traffic';
import { OpsError } from '@/lib/core/errors';
import { isSameImage, type KnownImage } from '@/lib/core/image';
import type { RequestPlan } from '../../plan-contract';
import { digestRunning } from '../../rollout';
import { strategyProblem, weightProblem } from '../../strategies';
import { imageOf, type JsonObject, versionOf, withAnnotation, withImage } from '../../template';
import { podsWord } from '../../words';
import { objectName, type Shares } from '../router-rules';
import type { Region } from './read-region';

/** What a change means to do in one region. */
export type Work = {
  region: Region;
  /** The colour that is to get the requests, and the one that has them. */
  candidate: Colour;
  old: Colour;
  /** Pods that carry all requests of the region. */
  need: number;
  /** Percent of the requests that the candidate is to have in the end. */
  weight: number;
  /** Percent before. */
  before: Shares;
  from: KnownImage & { version: string };
  to: KnownImage & { version: string };
  /** Beside a canary: the pods that it is compared with, and their template with the image of the old version. */
  baseline: { deployment: string; service: string; template: JsonObject } | null;
  /** The candidate's new pod template; null where its own stays. */
  template: JsonObject | null;
};

export type WorkParts = {
  input: RequestPlan;
  strategies: Strategies;
  /** The image of a deploy, pinned where that is known. */
  image: KnownImage | null;
  /** Tells this plan from any other: pods that are replaced by the same image are marked with it. */
  planId: string;
};

const refuse = (message: string, next: string): OpsError => new OpsError('precondition', message, { next });

/** On the pod template of a redeploy, as of a restart: the same image alone would replace no pods. */
const RESTART_ANNOTATION = 'signalbox.dev/restart';

/** What is to be done in one region. Throws OpsError `precondition` when there is nothing to do, or no safe way. */
export function workOf(region: Region, parts: WorkParts): Work {
  const { input } = parts;
  switch (input.kind) {
    case 'deploy':
      return deploy(region, input, parts);
    case 'rollback':
      return rollback(region);
    case 'shift':
      return shift(region, input);
    default:
      throw new OpsError('internal', `A change of the kind ${input.kind} is not made in steps.`);
  }
}

const versioned = (region: Region, colour: Colour): Work['from'] => {
  const image = imageOf(region.members[colour].subset.template, region.target.placement.container) ?? '';
  return { version: versionOf(image), image };
};

const podsOf = ({ members }: Region, colour: Colour): number => members[colour].live.replicas;

/** The only colour that takes requests. */
function liveColour(region: Region, wish: string): Colour {
  const live = colours.filter((colour) => region.shares[colour] > 0);
  const [only] = live;
  const { blue, green, baseline = 0 } = region.shares;
  if (only !== undefined && live.length === 1 && baseline === 0) return only;
  if (baseline > 0) {
    throw refuse(
      `The baseline takes ${round(baseline)} % of the requests in ${region.region}, so an earlier canary has not come to its end.`,
      'Shift all requests to one colour first.',
    );
  }
  throw refuse(
    `Both colours take requests in ${region.region} (blue ${round(blue)} %, green ${round(green)} %), so there is no idle one ${wish}.`,
    'Shift all requests to one colour first.',
  );
}

const round = (percent: number): number => Math.round(percent * 10) / 10;

type Deploy = Extract<RequestPlan, { kind: 'deploy' }>;

function deploy(region: Region, input: Deploy, { image, planId }: WorkParts): Work {
  const { service, placement } = region.target;
  const problem = strategyProblem(input.strategy ?? 'rolling', region.pair.traffic.kind);
  if (problem !== null) throw refuse(`${problem} (${region.region})`, 'Choose another strategy.');
  const old = liveColour(region, `for ${input.version}`);
  const from = versioned(region, old);
  if (from.version === input.version && input.redeploy !== true) {
    throw refuse(
      `${service.name} already runs ${input.version} in ${region.region}, on ${old}.`,
      'Choose another version. If the same one is meant to go out again, ask for a redeploy.',
    );
  }
  if (image === null) throw new OpsError('internal', 'A deploy without an image cannot be planned.');
  const candidate = otherColour(old);
  const before = region.members[candidate].subset.template;
  const template = withImage(before, placement.container, image.image);
  const isSame = from.image === image.image;
  return {
    ...common(region, candidate, old),
    weight: 100,
    from,
    to: { ...image, version: versionOf(image.image) },
    template: isSame ? withAnnotation(template, RESTART_ANNOTATION, planId) : template,
    baseline: input.strategy === 'canary' ? baselineOf(region, from.image, planId) : null,
  };
}

/** With the image of the pods that serve, as pinned as theirs is: the two differ in nothing but their age. */
function baselineOf({ baseline, target }: Region, image: string, planId: string): Work['baseline'] {
  if (baseline === null) return null;
  const { deployment, service, now } = baseline;
  const template = withImage(now.subset.template, target.placement.container, image);
  // Pods that are left of an earlier canary are older than those that they shall be compared with.
  const isLeft = now.live.replicas > 0;
  return {
    deployment,
    service,
    template: isLeft ? withAnnotation(template, RESTART_ANNOTATION, planId) : template,
  };
}

function rollback(region: Region): Work {
  const old = liveColour(region, 'to go back to');
  const candidate = otherColour(old);
  const [from, to] = [versioned(region, old), versioned(region, candidate)];
  const runs = (colour: Colour) => digestRunning(region.members[colour].live.newPods) ?? undefined;
  // One may be pinned and the other not: with one tag and nothing that tells them apart they are one image.
  if (isSameImage({ ...from, digest: runs(old) }, { ...to, digest: runs(candidate) })) {
    throw refuse(
      `Both colours run ${from.version} in ${region.region}, so the other one is nothing to go back to.`,
      'Roll back to a revision by name.',
    );
  }
  return { ...common(region, candidate, old), weight: 100, from, to, template: null, baseline: null };
}

function shift(region: Region, input: Extract<RequestPlan, { kind: 'shift' }>): Work {
  const { colour: candidate, weight } = input;
  const problem = weightProblem(weight, region.pair.traffic.kind);
  if (problem !== null) throw refuse(`${problem} (${region.region})`, 'Ask for 100 %.');
  const now = region.shares[candidate];
  const old = otherColour(candidate);
  if (round(now) === weight) {
    throw refuse(
      `${candidate} already takes ${weight} % of the requests in ${region.region}.`,
      'Nothing to do.',
    );
  }
  if (now > weight) {
    throw refuse(
      `${candidate} takes ${round(now)} % of the requests in ${region.region} now. A shift names the colour that gets more.`,
      `Shift ${100 - weight} % to ${old} instead.`,
    );
  }
  const [from, to] = [versioned(region, old), versioned(region, candidate)];
  return { ...common(region, candidate, old), weight, from, to, template: null, baseline: null };
}

function common(region: Region, candidate: Colour, old: Colour) {
  const serving = colours.filter((colour) => region.shares[colour] > 0);
  const need = Math.max(...serving.map((colour) => podsOf(region, colour)));
  if (need < 1) {
    throw refuse(
      `${objectName(region.pair)} in ${region.region} sends the requests to ${old}, which is set to ${podsWord(0)}.`,
      'Scale it up first: how many pods carry the requests is not known.',
    );
  }
  return { region, candidate, old, need, before: region.shares };
}

/** Fewest pods that may carry a part of the requests (change-engine.md 1.9: a canary of one dies of one crash). */
export const podsFor = ({ need }: Pick<Work, 'need'>, percent: number, { minPods }: Strategies): number =>
  percent >= 100 ? need : Math.min(need, Math.max(minPods, Math.ceil((need * percent) / 100)));

/**
 * Pods of the new version beside `need` of the old whose part comes nearest to the wanted one; ties go up, never
 * none and never more than all (change-engine.md 1.9). The reachable share is 0 to 1. Throws OpsError `precondition`
 * when it misses the wish by more than twice the wish.
 */
export function reachable(need: number, percent: number, region: string): { pods: number; share: number } {
  const wish = percent / 100;
  const exact = (need * wish) / (1 - wish);
  const [down, up] = [Math.floor(exact), Math.ceil(exact)].map((pods) => Math.min(need, Math.max(1, pods)));
  const error = (pods: number): number => Math.abs(pods / (pods + need) - wish);
  const pods = down !== undefined && up !== undefined && error(down) < error(up) ? down : (up ?? 1);
  const share = pods / (pods + need);
  if (error(pods) <= 2 * wish) return { pods, share };
  throw refuse(
    `${percent} % cannot be reached by pods in ${region}: ${pods} of ${pods + need} pods are ${round(share * 100)} %, which misses the wish by more than twice the wish.`,
    'Take larger steps in signalbox.yaml, more pods, or a router with weights.',
  );
}
