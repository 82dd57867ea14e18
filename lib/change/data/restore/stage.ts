import type { ChangeState, StepState } from '../../model';
import { cancelWindowSeconds } from '../restore-steps';
import type { RestoreDatabase, RestoreView } from './contract';
import type { RestoreStage } from './model';

export type RestoreNames = { live: string; fresh: string; former: string };
type Step = { n: number; kind: string; state: StepState };

export type StageFacts = {
  names: RestoreNames;
  steps: readonly Step[];
  state: ChangeState;
  stateSinceMs: number;
  backingOut: boolean;
  isOver: boolean;
  /** Under this name a database of the change is kept beside; null: none is. */
  asideName: string | null;
  nowMs: number;
};

/** Until when an abort takes a restore back before its first step, milliseconds; null: no such time runs. */
export function beginsMs({
  state,
  stateSinceMs,
  backingOut,
  steps,
  nowMs,
}: Omit<StageFacts, 'names'>): number | null {
  const begins = stateSinceMs + cancelWindowSeconds * 1000;
  const first = steps.find(({ n }) => n === 1);
  const isFirst = first?.state === 'pending' || first?.state === 'running';
  return state === 'Running' && !backingOut && isFirst && nowMs < begins ? begins : null;
}

/** By what is written down: the steps, and the database that is kept beside. */
export function stageOf(facts: StageFacts): RestoreStage {
  const { names, steps, asideName, isOver, backingOut } = facts;
  if (asideName !== null) return asideName === names.former ? 'switched' : 'taken-back';
  const at = (kind: string): StepState => steps.find((step) => step.kind === kind)?.state ?? 'pending';
  // What is kept beside is written down a round after the switch.
  if (at('switch') === 'done') return 'switched';
  const close = at('close');
  if (close === 'pending' || close === 'skipped' || beginsMs(facts) !== null) return 'before';
  return backingOut && isOver ? 'opened' : 'closed';
}

/** Each database that there is or will be, under the name that it has now. */
export function databasesNow(stage: RestoreStage, { live, fresh, former }: RestoreNames): RestoreDatabase[] {
  switch (stage) {
    case 'before':
      return [
        { name: live, role: 'old', sentence: 'In use, as before.' },
        { name: fresh, role: 'restored', sentence: 'Not made yet.' },
      ];
    case 'closed':
      return [
        { name: live, role: 'old', sentence: 'Lets nobody in until the switch; nothing in it is changed.' },
        { name: fresh, role: 'restored', sentence: 'New; the copy is loaded into it.' },
      ];
    case 'switched':
      return [
        { name: live, role: 'restored', sentence: 'In use, with the data of the copy.' },
        { name: former, role: 'old', sentence: 'Kept as it was when it was closed; lets nobody in.' },
      ];
    case 'opened':
      return [
        { name: live, role: 'old', sentence: 'In use again, as it was when it was closed.' },
        { name: fresh, role: 'restored', sentence: 'Dropped.' },
      ];
    case 'taken-back':
      return [
        { name: live, role: 'old', sentence: 'In use again, as it was when it was closed.' },
        {
          name: fresh,
          role: 'restored',
          sentence: 'Kept with what was written into it while it was in use; lets nobody in.',
        },
      ];
  }
}

/** Why a restore cannot be paused any more; null while it can. */
export const pauseRefusal = (stage: RestoreStage): string | null =>
  stage === 'before'
    ? null
    : 'The database was closed: a restore that has begun is finished or aborted, and does not stand still.';

/** What tools said of a database is for people, and not for pipelines or files. */
export const withoutEvidence = (view: RestoreView | null): RestoreView | null =>
  view === null || view.load === null ? view : { ...view, load: { ...view.load, evidence: [] } };
