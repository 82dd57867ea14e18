import { OpsError } from '@/lib/core/errors';
import { digestOf, isMovingTag, type KnownImage, shortDigest } from '@/lib/core/image';
import type { RequestPlan } from '../contract';
import type { Observed } from '../execute/observe';
import type { PlannedRevision } from '../revision-contract';
import { digestRunning } from '../rollout';
import {
  imageOf,
  type JsonObject,
  normaliseTemplate,
  templateKey,
  versionOf,
  withAnnotation,
  withImage,
} from '../template';
import { looksSecret, readEnv, withEnv } from '../template-env';
import { podsWord } from '../words';

/** What a change asks the Deployment to be, and how its steps are called. */
export type Wanted = {
  to: { version: string; image: string; digest?: string };
  /** Said to be meant: the version runs already, or its tag moves. */
  redeploy?: true;
  template?: JsonObject;
  replicas?: number;
  effect?: { what: string; from: string; to: string };
  /** Titles of the write and of the rollout. */
  write: string;
  rollout: string;
};

export type WantedParts = {
  input: RequestPlan;
  observed: Observed;
  container: string;
  serviceName: string;
  /** The image that a deploy brings, pinned where its registry said what the tag stands for. */
  image: KnownImage | null;
  /** Tells this plan from any other: a restart is marked with it, so that doing it twice is doing it once. */
  planId: string;
  /** Of a rollback to a revision. */
  revision: PlannedRevision | null;
};

const refuse = (message: string, next: string): OpsError => new OpsError('precondition', message, { next });

const noPair = (service: string, region: string): OpsError =>
  refuse(
    `${service} has no pair of colours in ${region}, so there is nothing to send requests to.`,
    'Name a pair in signalbox.yaml, or roll back to a revision.',
  );

/** Throws OpsError `precondition` when there is nothing to do, or when it cannot be done so. */
export function wantedOf(parts: WantedParts): Wanted {
  const { input, observed, container } = parts;
  const image = imageOf(observed.subset.template, container);
  if (image === null) {
    throw refuse(`The Deployment has no container ${container}.`, 'Correct the placement in signalbox.yaml.');
  }
  const now = versioned({ image });
  const pods = podsWord(observed.live.replicas);
  switch (input.kind) {
    case 'deploy':
      return deploy(parts, input, now, pods);
    case 'rollback':
      if (parts.revision === null) throw noPair(parts.serviceName, input.region);
      return rollback(parts, parts.revision, pods);
    case 'shift':
      throw noPair(parts.serviceName, input.region);
    case 'scale':
      return scale(parts, input, now);
    case 'restart':
      return {
        to: now,
        template: withAnnotation(observed.subset.template, RESTART_ANNOTATION, parts.planId),
        write: 'Mark the pod template',
        rollout: `Replace ${pods} one after the other`,
      };
    case 'set-env':
      return setEnv(parts, input, now, pods);
    case 'backup':
    case 'end-session':
    case 'restore':
      throw new Error('A change of a database writes nothing in the cluster.');
  }
}

/** On the pod template, where a new value replaces the pods. */
const RESTART_ANNOTATION = 'signalbox.dev/restart';

type Now = Wanted['to'];

/** An image with its version and, where anything says so, its digest. */
function versioned(known: KnownImage): Now {
  const digest = digestOf(known);
  return {
    version: versionOf(known.image),
    image: known.image,
    ...(digest === null ? {} : { digest }),
  };
}

type Deploy = Extract<RequestPlan, { kind: 'deploy' }>;

function deploy(parts: WantedParts, { version, redeploy }: Deploy, now: Now, pods: string): Wanted {
  const { observed, container, planId, image: known } = parts;
  if (known === null) throw new Error('A deploy was planned without its image.');
  const isSame = now.version === version;
  if (isSame && redeploy !== true) {
    throw refuse(
      `${parts.serviceName} already runs ${version} in ${parts.input.region}${movedWords(known, now, observed)}.`,
      'Choose another version. If the same one is meant to go out again, ask for a redeploy.',
    );
  }
  const template = withImage(observed.subset.template, container, known.image);
  // The same reference changes nothing: only a mark on the template replaces the pods.
  const isMarked = now.image === known.image;
  return {
    to: { version, image: known.image, ...(known.digest === undefined ? {} : { digest: known.digest }) },
    ...(isSame || isMovingTag(version) ? { redeploy: true } : {}),
    template: isMarked ? withAnnotation(template, RESTART_ANNOTATION, planId) : template,
    write: isMarked ? `Mark the pod template, for ${version} again` : `Set the image to ${version}`,
    rollout: `Replace ${pods} one after the other`,
  };
}

/** That the tag was moved since, where both contents are known. */
function movedWords(known: KnownImage, now: Now, { live }: Observed): string {
  const [wanted, runs] = [digestOf(known), now.digest ?? digestRunning(live.newPods)];
  return wanted === null || runs === null || wanted === runs
    ? ''
    : `, and the tag was moved since: it stands for ${shortDigest(wanted)}… now, while ${shortDigest(runs)}… runs`;
}

function rollback({ observed, container }: WantedParts, to: PlannedRevision, pods: string): Wanted {
  const name = to.replicaSet;
  const set = observed.replicaSets.find(({ metadata }) => metadata.name === name);
  if (set === undefined) {
    throw refuse(
      `The Deployment has no ReplicaSet ${name} any more.`,
      'Choose one of the revisions that are left, or deploy the version anew.',
    );
  }
  if (templateKey(set.spec.template) === observed.live.template) {
    throw refuse(`${name} is what runs now.`, 'Choose an earlier revision.');
  }
  const image = imageOf(set.spec.template, container);
  if (image === null) {
    throw refuse(`${name} has no container ${container}.`, 'Choose another revision.');
  }
  return {
    to: versioned({ image }),
    template: normaliseTemplate(set.spec.template),
    write: `Put the pod template of ${name} back${to.isLastKnownGood ? ', the last known good' : ''}`,
    rollout: `Replace ${pods} one after the other`,
  };
}

function scale(
  { observed, serviceName }: WantedParts,
  { replicas, colour, region }: Extract<RequestPlan, { kind: 'scale' }>,
  now: Now,
): Wanted {
  const of = colour === undefined ? '' : ` (${colour})`;
  const before = observed.live.replicas;
  if (before === replicas) {
    throw refuse(
      `${serviceName}${of} already has ${podsWord(replicas)} in ${region}.`,
      'Choose another number.',
    );
  }
  const more = replicas - before;
  return {
    to: now,
    replicas,
    effect: { what: `replicas${of}`, from: String(before), to: String(replicas) },
    write: `Set the replicas${of} to ${replicas}`,
    rollout: more > 0 ? `Start ${podsWord(more)}` : `Stop ${podsWord(-more)}`,
  };
}

function setEnv(
  { observed, container }: WantedParts,
  { name, value }: { name: string; value: string },
  now: Now,
  pods: string,
): Wanted {
  const { template } = observed.subset;
  if (looksSecret(name)) {
    throw refuse(
      `${name} looks like a secret, and the value would be readable in the plan and in the record.`,
      'Keep it in a Secret and let the container refer to that.',
    );
  }
  const found = readEnv(template, container, name);
  if (found.kind === 'reference') {
    throw refuse(
      `${name} comes from a ${found.from}; a value of its own would hide that.`,
      'Change it there, and restart the pods.',
    );
  }
  const before = found.kind === 'absent' ? null : found.value;
  if (before === value) throw refuse(`${name} is already ${quoted(value)}.`, 'Choose another value.');
  return {
    to: now,
    template: withEnv(template, container, name, value),
    effect: { what: name, from: before === null ? 'not set' : quoted(before), to: quoted(value) },
    write: `Set ${name} to ${quoted(value)}`,
    rollout: `Replace ${pods} one after the other`,
  };
}

/** As it stands in a sentence. */
const quoted = (value: string): string => {
  const short = value.length > 60 ? `${value.slice(0, 57)}…` : value;
  return /^[\w.:/-]+$/.test(short) ? short : `“${short}”`;
};
