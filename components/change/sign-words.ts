import { type Role, roleNames } from '@/lib/access/model';
import type { ChangeView } from '@/lib/change/contract';
import { cancelWindowSeconds } from '@/lib/change/data/restore-steps';
import { dataOf } from '@/lib/change/data/sentence';
import { formatDuration } from '@/lib/core/duration';

type RestoreData = Extract<NonNullable<ChangeView['plan']['data']>, { do: 'restore' }>;
type Signed = Pick<ChangeView, 'change' | 'plan' | 'signOffs' | 'effect' | 'drift' | 'incidents'>;

const list = (words: readonly string[]): string => new Intl.ListFormat('en-GB').format([...words]);

/** What a sign-off in this role means, and what happens right after it: the last one starts the change. */
export function signWords(view: Signed, role: Role): string[] {
  const { change, plan, signOffs, effect } = view;
  const regions = list(plan.staged?.regions ?? [change.region]);
  return [
    `As ${roleNames[role]}, you approve plan ${change.planHash.slice(0, 12)} for ${change.environment} in ${regions}.`,
    ...(plan.data?.do === 'restore' ? lossWords(plan.data) : [effect]),
    endsWords(view) ?? afterWords(change, signOffs, role),
  ];
}

/** Of a restore the loss is the effect. */
function lossWords(data: RestoreData): string[] {
  return [
    `${data.name} then has ${dataOf(data.copy)}: what was written since is not in it, and nobody gets in until it is loaded. The old database is kept for ${formatDuration(data.keepSeconds)}.`,
  ];
}

/** What is known already to end it at its start, so that nobody signs in the belief that it runs then. */
function endsWords({ drift, incidents }: Signed): string | null {
  if (drift.length > 0)
    return 'It will not start: the cluster differs from the plan. Ask for a new plan instead.';
  return incidents.some(({ endsApproval }) => endsApproval)
    ? 'It will not start while the incident is open that was opened after a sign-off.'
    : null;
}

function afterWords(
  { kind, runWhenApproved, requesterName }: Signed['change'],
  signOffs: Signed['signOffs'],
  role: Role,
): string {
  const others = signOffs.filter((each) => each.role !== role && each.state !== 'signed');
  if (others.length === 0) {
    return runWhenApproved
      ? `Yours is the last sign-off: it starts at once.${kind === 'restore' ? ` For ${cancelWindowSeconds} s an abort takes it back before anything is done.` : ''}`
      : `Yours is the last sign-off: ${requesterName} starts it.`;
  }
  const missing = `After yours ${list(others.map(({ roleName }) => roleName))} ${others.length === 1 ? 'is' : 'are'} missing.`;
  return `${missing} ${runWhenApproved ? 'It starts by itself with the last one.' : `${requesterName} starts it after the last one.`}`;
}
