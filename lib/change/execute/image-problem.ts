import 'server-only';
import type { Config } from '@/lib/config/schema';
import { digestOf, parseImage, shortDigest } from '@/lib/core/image';
import { lookUpImage } from '../plan/resolve-image';
import type { DeployPlan } from '../plan-contract';

/** A start waits no longer than this for a registry: what is pinned can be pulled without it. */
const PATIENCE_MS = 3000;

/**
 * Why the image of a deploy is not the one that was signed: its tag stands for another content now, or its registry
 * has lost it (change-engine.md 2.4). Null when it still fits, and when the registry gives no answer: the digest in
 * the plan binds whatever the tag says. A rollback never asks.
 */
export async function imageProblem(config: Config, { kind, to }: DeployPlan): Promise<string | null> {
  if (kind !== 'deploy') return null;
  const { host, tag } = parseImage(to.image);
  const signed = digestOf(to);
  const byTag = await patiently((signal) => lookUpImage(config, to.image, { signal }));
  if (byTag === null || byTag.state === 'unknown') return null;
  if (byTag.state === 'found') {
    if (signed === null || byTag.digest === signed) return null;
    return `The tag ${tag} of ${host} was moved since the plan was made: it stands for ${shortDigest(byTag.digest)}… now, and ${shortDigest(signed)}… was signed. Ask for a new plan.`;
  }
  // A tag may be cleaned up while the content stays: that is what is pulled.
  const gone =
    signed === null
      ? byTag
      : await patiently((signal) => lookUpImage(config, to.image, { digest: signed, signal }));
  return gone?.state === 'missing'
    ? `The image is gone since the plan was made. ${gone.sentence} Push it again, then ask for a new plan.`
    : null;
}

async function patiently<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    return await ask(signal);
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}
