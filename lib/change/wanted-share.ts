import type { Staged } from './staged/staged-plan';

type Step = { n: number; state: string };

type Of = 'share' | 'baseline';

/** A write of a router counts from the moment its step begins: the share is that of the proof or hold after it. */
function shareAt(staged: Staged, at: number, region: string, of: Of): number | null {
  const step = staged.steps[at];
  if (step === undefined) return null;
  if (step.do === 'prove' || step.do === 'hold') return step.region === region ? (step[of] ?? 0) : null;
  if (step.do !== 'write') return null;
  const object = staged.objects.find(({ key }) => key === step.object);
  if (object?.part !== 'router' || object.region !== region) return null;
  const after = staged.steps
    .slice(at + 1)
    .find((one) => (one.do === 'prove' || one.do === 'hold') && one.region === region);
  return after !== undefined && 'share' in after ? (after[of] ?? 0) : null;
}

/** Part of the requests, 0 to 1, that the new version of a region shall have at this moment of the change. */
export function wantedShare(
  staged: Staged,
  change: { backingOut: boolean },
  steps: readonly Step[],
  region: string,
): number {
  const before = staged.shares.find((one) => one.region === region)?.before ?? 0;
  return change.backingOut ? before : latest(staged, steps, region, 'share', before);
}

/** The same of the pods of the old version that a canary is compared with; 0 where there are none. */
export const wantedBaseline = (
  staged: Staged,
  change: { backingOut: boolean },
  steps: readonly Step[],
  region: string,
): number => (change.backingOut ? 0 : latest(staged, steps, region, 'baseline', 0));

function latest(staged: Staged, steps: readonly Step[], region: string, of: Of, before: number): number {
  let wanted = before;
  for (const { n, state } of steps) {
    if (state !== 'done' && state !== 'running') continue;
    wanted = shareAt(staged, n - 1, region, of) ?? wanted;
  }
  return wanted;
}
