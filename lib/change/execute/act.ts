import 'server-only';
import { patchDeployment } from '@/lib/actuators/kubernetes/write';
import type { ActVerb } from '../facts';
import { isTerminal } from '../model';
import type { StoredChange, Subset } from '../stored';
import { templateKey } from '../template';
import { desiredOf, sameSubset, setsReplicas, specPatch } from './desired';
import type { Execution } from './execution';
import { type Intent, parseIntent } from './intents';
import { type Observed, observeTarget } from './observe';
import {
  type ActResult,
  recoverTarget,
  type Seen,
  type Target,
  type Write,
  writeTarget,
} from './write-target';

export type { ActResult } from './write-target';

export type Act = { verb: ActVerb; step: number; onBehalfOf: string; sentence: string };

/** One fenced write of the Deployment of a rolling change. Throws LostChange and database errors. */
export function act(run: Execution, change: StoredChange, observed: Observed, made: Act): Promise<ActResult> {
  const before: Subset = observed.subset;
  const desired = desiredOf(made.verb, change.plan, before);
  return writeTarget(run, change, deploymentTarget(run, change), seenOf(observed), {
    ...made,
    before,
    desired,
  });
}

/** Looks at a write without a result and ends it, one way or the other. */
export const recover = (
  run: Execution,
  change: StoredChange,
  intent: Intent,
  observed: Observed,
  backingOut: boolean,
): Promise<ActResult> =>
  recoverTarget(run, change, deploymentTarget(run, change), intent, seenOf(observed), backingOut);

const seenOf = ({ subset, fence, live }: Observed): Seen<Subset> => ({
  subset,
  fence,
  uid: live.uid,
  resourceVersion: live.resourceVersion,
  writer: live.writer,
});

function deploymentTarget(run: Execution, change: StoredChange): Target<Subset> {
  const client = run.cluster(change.cluster);
  const { target } = change.plan;
  return {
    key: `deployment/${target.namespace}/${target.name}`,
    noun: 'the Deployment',
    look: async () => seenOf(await observeTarget(client, target)),
    patch: async (seen, write, made) => {
      const { object, auditId } = await patchDeployment(client, {
        ref: target,
        spec: specPatch(seen.subset, write),
        resourceVersion: seen.resourceVersion,
        ...made,
      });
      return { resourceVersion: object.metadata.resourceVersion, auditId };
    },
    same: (live, wanted, write) => sameSubset(live, wanted, setsReplicas(write)),
    startsFrom: (seen, write) => isOurs(change, seen, write),
    parse: parseIntent,
    done: ({ verb }) => doneWords[verb] ?? 'The Deployment is written.',
  };
}

const doneWords: Record<string, string> = {
  pause: 'The Deployment is paused.',
  resume: 'The Deployment is resumed.',
  restore: 'The Deployment is back as it was.',
};

/** The template that the change writes, or the one that it found. */
function isOurs(change: StoredChange, seen: Seen<Subset>, write: Write<Subset>): boolean {
  const target = desiredOf('apply', change.plan, write.before);
  return [target, write.before].some(
    (subset) =>
      templateKey(subset.template) === templateKey(seen.subset.template) &&
      (!setsReplicas(write) || subset.replicas === seen.subset.replicas),
  );
}

/** Whether a state needs no worker any more. */
export const hasEnded = (change: StoredChange): boolean => isTerminal(change.state);
