import 'server-only';
import { canonicalJson } from '@/lib/audit/canonical';
import { dataKinds } from '@/lib/core/change-kind';
import { OpsError } from '@/lib/core/errors';
import { digestOf } from '@/lib/core/image';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import type { DeployPlan } from '../contract';
import { parseIntent, settledResults } from '../execute/intents';
import type { Observed } from '../execute/observe';
import { digestRunning, isComplete, isHealthy } from '../rollout';
import { imageOf, normaliseTemplate, templateKey, versionOf } from '../template';

type Undo = DeployPlan['undo'];
type Seen = Pick<Observed, 'live' | 'replicaSets'>;
type Place = { service: string; environment: string; region: string; container: string };

/**
 * The last known good (architecture.md 3): what serves now when its rollout is complete and healthy, else the
 * template that the last succeeded change left, when its ReplicaSet is still there. Null when neither is known.
 */
export async function findUndo(
  db: DatabaseOrTransaction,
  place: Place,
  observed: Seen,
): Promise<Undo | null> {
  if (isHealthy(observed.live)) return undoOf(observed, observed.live.template, place.container);
  const last = await db.change.findFirst({
    where: {
      state: 'Succeeded',
      service: place.service,
      environment: place.environment,
      region: place.region,
      // What was done to the database says nothing of what runs.
      kind: { notIn: [...dataKinds] },
    },
    orderBy: { number: 'desc' },
    select: { number: true },
  });
  if (last === null) return null;
  // By the template that was written: the same image may since have got other settings, which nobody knows as good.
  const written = await db.intent.findFirst({
    where: {
      changeNumber: last.number,
      verb: { in: ['apply', 'set-version'] },
      result: { in: [...settledResults] },
    },
    orderBy: { attempt: 'desc' },
  });
  if (written === null) return null;
  return undoOf(observed, templateKey(parseIntent(written).desired.template), place.container);
}

function undoOf(observed: Seen, template: string, container: string): Undo | null {
  const set = observed.replicaSets.find(({ spec }) => templateKey(spec.template) === template);
  const image = set === undefined ? null : imageOf(set.spec.template, container);
  if (set === undefined || image === null) return null;
  const runs = template === observed.live.template ? digestRunning(observed.live.newPods) : null;
  const digest = digestOf({ image, digest: runs ?? undefined });
  return {
    version: versionOf(image),
    image,
    ...(digest === null ? {} : { digest }),
    replicaSet: set.metadata.name,
    replicaSetUid: set.metadata.uid,
    template: canonicalJson(normaliseTemplate(set.spec.template)),
  };
}

/**
 * What a change other than a deploy goes back to: what it found. When that is not healthy the change never goes
 * back to it by itself. Throws OpsError `precondition` while the controller has made no ReplicaSet of it yet.
 */
export function whatRunsNow(
  observed: Seen,
  container: string,
  { replicas, isIdle = false }: { replicas?: number | undefined; isIdle?: boolean },
): Undo {
  const undo = undoOf(observed, observed.live.template, container);
  if (undo === null) {
    throw new OpsError('precondition', 'The Deployment has no ReplicaSet of its pod template yet.', {
      next: 'Ask again when its rollout has begun.',
    });
  }
  return {
    ...undo,
    ...(replicas === undefined ? {} : { replicas: observed.live.replicas }),
    // Nobody is answered by an idle colour: any number of its pods is good to go back to, none too.
    isKnownGood: isIdle ? isComplete(observed.live) : isHealthy(observed.live),
  };
}
