import 'server-only';
import type { Config } from '@/lib/config/schema';
import { digestOf, parseImage, shortDigest } from '@/lib/core/image';
import type { DeployPlan, Precheck } from '../contract';
import { type Live, readyNewPods } from '../rollout';
import { podsWord } from '../words';
import { type Lookup, lookUpImage } from './resolve-image';

export type ImageCheckParts = {
  config: Config;
  plan: DeployPlan;
  /** What was found of the image that a deploy brings; null for the other kinds. */
  lookup: Lookup | null;
  live: Live;
};

/**
 * Whether there is what the change brings, and what it would go back to (change-engine.md 5.2, fault 32). Only a
 * deploy asks a registry: a way back never waits for one (2.2, 14).
 */
export async function imageChecks({ config, plan, lookup, live }: ImageCheckParts): Promise<Precheck[]> {
  if (lookup === null) return plan.to.image === plan.from.image ? [] : [unasked(plan)];
  return [imageCheck(plan, lookup), ...sameVersion(plan), await wayBackCheck(config, plan, live, lookup)];
}

const title = 'The image is there';
const clock = (at: Date): string => `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;

function imageCheck({ to }: DeployPlan, lookup: Lookup): Precheck {
  switch (lookup.state) {
    case 'found':
      return {
        id: 'image',
        title,
        result: 'pass',
        detail: `${lookup.host} resolved the tag ${to.version} to ${shortDigest(lookup.digest)}… at ${clock(lookup.at)}; the plan is pinned to that.`,
      };
    case 'missing':
      return {
        id: 'image',
        title,
        result: 'fail',
        detail: `${lookup.sentence} Correct the version, or have it built and pushed first.`,
      };
    case 'unknown':
      return {
        id: 'image',
        title,
        result: 'warn',
        detail: `Not verified, and not pinned: ${to.image} is first pulled when a pod starts, and stands for whatever its tag means then. ${lookup.sentence}`,
      };
  }
}

const unasked = ({ to }: DeployPlan): Precheck => ({
  id: 'image',
  title,
  result: 'warn',
  detail: `Not verified: a rollback waits for no registry. A node that has ${to.image} no more pulls it when a pod starts.`,
});

/** Requests are read by version: with one on both sides only the pods of a pair can be told apart. */
function sameVersion({ from, to, staged }: DeployPlan): Precheck[] {
  if (from.version !== to.version) return [];
  const known = from.digest !== undefined && to.digest !== undefined;
  const content = !known
    ? 'Whether its content is another one is not known.'
    : from.digest === to.digest
      ? 'Its content is what runs already.'
      : `Its content is another one: ${shortDigest(to.digest ?? '')}… instead of ${shortDigest(from.digest ?? '')}….`;
  return [
    {
      id: 'redeploy',
      title: 'The version runs already',
      result: 'warn',
      detail:
        staged === undefined
          ? `${content} The guard judges by version, so it takes the requests of old and new pods together.`
          : `${content} The analysis tells the requests of both apart by the names of their pods.`,
    },
  ];
}

/** Neither pods of it nor its image: there would be nothing to go back to, whatever the plan says. */
async function wayBackCheck(
  config: Config,
  { undo, to }: DeployPlan,
  live: Live,
  asked: Lookup,
): Promise<Precheck> {
  const check = (result: Precheck['result'], detail: string): Precheck => ({
    id: 'way-back',
    title: `The way back to ${undo.version} is there`,
    result,
    detail,
  });
  const pods = podsOf(undo, live);
  const run =
    pods === 0 ? 'No pod of it is ready' : `${podsWord(pods)} of it ${pods === 1 ? 'is' : 'are'} ready`;
  const digest = digestOf(undo);
  // Who gave no answer a moment ago is not asked again: a person waits for this plan.
  const isSilent = asked.state === 'unknown' && parseImage(undo.image).host === parseImage(to.image).host;
  const found = isSilent ? asked : await lookUpImage(config, undo.image, { digest });
  if (found.state === 'unknown') {
    return check('warn', `${run}. Whether the image can be pulled again is not verified. ${found.sentence}`);
  }
  if (found.state === 'missing') {
    return pods === 0
      ? check(
          'fail',
          `${run}, and its image is gone: ${found.sentence} Push it again, or choose another way.`,
        )
      : check(
          'warn',
          `${run}, but its image is gone: ${found.sentence} Only a node that still has it could start it anew. Push it again.`,
        );
  }
  const moved = await movedTag(config, undo, digest);
  if (moved !== null) return check('warn', `${run}. ${moved}`);
  const same = digest !== null && digest === to.digest ? ' It is the same content as the new one.' : '';
  return check('pass', `${run}, and ${found.host} has its image (${shortDigest(found.digest)}…).${same}`);
}

/** A template that names the tag alone pulls what the tag means by then, which need not be what ran. */
async function movedTag(
  config: Config,
  { image, version }: DeployPlan['undo'],
  digest: string | null,
): Promise<string | null> {
  if (digest === null || parseImage(image).digest !== null) return null;
  const now = await lookUpImage(config, image);
  if (now.state === 'unknown' || (now.state === 'found' && now.digest === digest)) return null;
  const what = now.state === 'missing' ? 'is gone' : `stands for ${shortDigest(now.digest)}… now`;
  return `Its pods run ${shortDigest(digest)}…, but their template names the tag ${version}, which ${what}: a node without the image would not start what ran before. Restore the tag.`;
}

/** Ready pods of what the plan goes back to: those of the current template, or earlier ones of its version. */
function podsOf(undo: DeployPlan['undo'], live: Live): number {
  if (undo.template === live.template) return readyNewPods(live);
  return live.oldPods.filter(
    ({ version, ready, terminating }) => version === undo.version && ready && !terminating,
  ).length;
}
