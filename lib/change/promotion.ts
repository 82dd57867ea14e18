import type { DeployPlan } from './contract';
import { type ChangeState, isExecuting, type Refusal, type StepState, stateWords } from './model';

type Steered = { state: ChangeState; backingOut: boolean; plan: Pick<DeployPlan, 'staged'> };
type Step = { n: number; state: StepState | string };

/** The step that is carried out now; null before the first and after the last. */
export const currentStep = (steps: readonly Step[]): number | null =>
  steps.find(({ state }) => state === 'running')?.n ?? null;

/** Why nobody can go on before the time of the current step is over; null when somebody can. */
export function promotionRefusal({ state, backingOut, plan }: Steered, steps: readonly Step[]): Refusal {
  if (plan.staged === undefined) return 'The change has one step only, so there is nothing to go on to.';
  if (!isExecuting(state)) return `The change is ${stateWords[state].toLowerCase()}; no step of it runs.`;
  if (backingOut) return 'The change goes back; there is no next step.';
  if (state !== 'Running' && state !== 'DataHold')
    return `The change is ${stateWords[state].toLowerCase()}; it goes on from there only by itself or when it is resumed.`;
  const now = currentStep(steps);
  if (now === null) return 'No step runs yet.';
  return plan.staged.steps[now - 1]?.do === 'hold'
    ? null
    : `Step ${now} ends when what it waits for is there; only the time of a hold can be cut short.`;
}
