import 'server-only';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { isMovingTag, type KnownImage, parseImage, pinImage } from '@/lib/core/image';
import { now } from '@/lib/core/time';
import { resolveManifest } from '@/lib/sources/registry/client';
import { RegistryError } from '@/lib/sources/registry/registry-error';
import type { RequestPlan } from '../contract';
import type { Target } from './find-target';
import { imageFor } from './make-plan';

/** What a registry said of an image. `unknown`: it was not asked, or gave no answer that counts. */
export type Lookup =
  | { state: 'found'; host: string; digest: string; at: Date }
  | { state: 'missing'; host: string; sentence: string }
  | { state: 'unknown'; sentence: string };

/** An image as a plan names it, and how sure that is. */
export type ResolvedImage = { image: string; digest?: string; lookup: Lookup };

/**
 * Looks an image up: by its tag, or by `digest` where one is given, whether that content is still there. Never
 * throws for what a registry did or did not say; rejects with the signal's reason when the caller gave up.
 */
export async function lookUpImage(
  config: Config,
  image: string,
  { digest, signal }: { digest?: string | null; signal?: AbortSignal } = {},
): Promise<Lookup> {
  const { host, repository, tag } = parseImage(image);
  const registry = config.registries.find((one) => one.host === host);
  if (registry === undefined) {
    return { state: 'unknown', sentence: `The registry ${host} is not in signalbox.yaml.` };
  }
  try {
    const reference = digest ?? tag ?? 'latest';
    const found = await resolveManifest(registry, { repository, reference }, signal);
    return { state: 'found', host, digest: found.digest, at: now() };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return error.failure === 'not-found'
      ? { state: 'missing', host, sentence: error.message }
      : { state: 'unknown', sentence: error.message };
  }
}

/**
 * The image that a version stands for, bound to the content that its tag has now (change-engine.md 2.4). Without an
 * answer of its registry it keeps the tag alone. Throws OpsError `precondition` when the tag is one that moves by
 * design and nobody can say what it stands for: such a plan could not be signed.
 */
export async function resolveVersion(
  config: Config,
  target: Pick<Target, 'service'>,
  version: string,
): Promise<ResolvedImage> {
  const image = imageFor(target, version);
  const lookup = await lookUpImage(config, image);
  if (lookup.state === 'found') {
    return { image: pinImage(image, lookup.digest), digest: lookup.digest, lookup };
  }
  if (isMovingTag(version)) {
    throw new OpsError(
      'precondition',
      `The tag ${version} moves, and what it stands for now is not known. ${lookup.sentence}`,
      { next: 'Name the tag of one release, or ask again when the registry answers.' },
    );
  }
  return { image, lookup };
}

/** The image of a deploy; null for the kinds that bring none. A way back never waits for a registry (2.2, 14). */
export const resolveWanted = async (
  config: Config,
  target: Pick<Target, 'service'>,
  input: RequestPlan,
): Promise<ResolvedImage | null> =>
  input.kind === 'deploy' ? resolveVersion(config, target, input.version) : null;

/** Image and digest alone, as plans have them. */
export const knownImage = ({ image, digest }: ResolvedImage): KnownImage =>
  digest === undefined ? { image } : { image, digest };
