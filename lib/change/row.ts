import 'server-only';
import type { Config } from '@/lib/config/schema';
import { changeId } from '@/lib/core/ids';
import type { Prisma } from '@/prisma/generated/client';
import type { ChangeRow } from './contract';
import { isTerminal, stateWords } from './model';
import { serviceName, serviceTitle } from './store';
import { parseChange, type StoredChange } from './stored';
import { actSentence, whatOf } from './words';

/** What a row of a list needs beside the change itself. */
export const rowInclude = {
  signOffs: { where: { voidedAt: null }, select: { role: true, userId: true, decision: true } },
  steps: { orderBy: { n: 'asc' }, select: { n: true, state: true, title: true, detail: true } },
} as const satisfies Prisma.ChangeInclude;
type Included = Prisma.ChangeGetPayload<{ include: typeof rowInclude }>;

export type ChangeWithRow = {
  change: StoredChange;
  row: ChangeRow;
  signed: { role: string; userId: string }[];
};

/** Whether a change is about a place of its service: one over several regions is about each of them. */
export const isAbout = (
  { service, environment, region, plan }: StoredChange,
  place: { service: string; environment: string; region: string },
): boolean =>
  service === place.service &&
  environment === place.environment &&
  (plan.staged?.regions ?? [region]).includes(place.region);

/** When what a change waits for is over; null when no clock runs. */
export function expiresAt(change: StoredChange): Date | null {
  if (change.state === 'InReview') return change.reviewExpiresAt;
  return change.state === 'Approved' || change.state === 'Queued' ? change.queueExpiresAt : null;
}

/** What it does or waits for, in one sentence. */
export function sentenceOf(change: StoredChange, missing: number, doing: string | null): string {
  if (isTerminal(change.state)) return change.outcome?.sentence ?? `${stateWords[change.state]}.`;
  if (change.hold !== null) return change.hold.sentence;
  switch (change.state) {
    case 'InReview':
      return `Waits for ${missing} more sign-off${missing === 1 ? '' : 's'}.`;
    case 'Approved':
      return 'Approved; waits for somebody to start it.';
    case 'Queued':
      return 'Waits for a worker.';
    case 'Revalidating':
      return 'Checking that the plan still fits.';
    case 'Running':
      // Before the first look at the rollout; afterwards the step says how far it is.
      return (
        doing ?? (change.plan.staged === undefined ? actSentence(whatOf(change.plan)) : 'Starts with step 1.')
      );
    default:
      return doing ?? `${stateWords[change.state]}.`;
  }
}

/** What the step that runs is at; of many steps, also which one it is. */
function doingOf({ plan }: StoredChange, steps: Included['steps']): string | null {
  const step = steps.find(({ state }) => state === 'running');
  if (step === undefined) return null;
  return plan.staged === undefined
    ? step.detail
    : `Step ${step.n} of ${steps.length}: ${step.detail ?? `${step.title}.`}`;
}

export function toRow(config: Config, record: Included): ChangeWithRow {
  const { signOffs, steps, ...columns } = record;
  const change = parseChange(columns);
  const signed = signOffs.filter(({ decision }) => decision === 'approved');
  const needed = change.plan.policy.signOffs.length;
  const doing = doingOf(change, steps);
  const regions = change.plan.staged?.regions ?? [];
  const row: ChangeRow = {
    id: changeId(change.number),
    kind: change.plan.kind,
    service: change.service,
    serviceName: serviceName(config, change.service),
    environment: change.environment,
    region: change.region,
    ...(regions.length > 1 ? { regions } : {}),
    title: serviceTitle(config, change.plan),
    fromVersion: change.plan.from.version,
    toVersion: change.plan.to.version,
    state: change.state,
    stateSince: change.stateSince.toISOString(),
    backingOut: change.backingOut,
    sentence: sentenceOf(change, Math.max(0, needed - signed.length), doing),
    requesterName: change.requesterName,
    createdAt: change.createdAt.toISOString(),
    finishedAt: change.finishedAt?.toISOString() ?? null,
    expiresAt: expiresAt(change)?.toISOString() ?? null,
    signed: signed.length,
    needed,
    stepsDone: steps.filter(({ state }) => state === 'done').length,
    stepsAll: steps.length,
  };
  return { change, row, signed };
}
