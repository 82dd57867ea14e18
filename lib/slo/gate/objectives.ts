import type { PolicyBudget } from '@/lib/config/policy-budget';
import { matchPolicy } from '@/lib/config/policy-rules';
import type { Config } from '@/lib/config/schema';
import type { Slo } from '@/lib/config/slo';
import { readingOfKnown } from '../fleet/age';
import { judgeSlo } from '../fleet/figures';
import { windowWords } from '../fleet/row';
import type { FleetState, Known } from '../fleet/state';
import type { GateQuestion } from './decide-gate';
import type { GateAction, GateKind, GateObjective } from './model';

export type GatePlace = { service: string; environment: string };

/** Whose policy is asked. A question about the way back in general is one about deploys. */
export const kindOf = (action: GateAction): GateKind => (action === 'rollback' ? 'deploy' : action);

/** The policy of such a change there, when it asks the budget. */
export function gatePolicy(
  config: Config,
  { service, environment }: GatePlace,
  kind: GateKind,
): GateQuestion['policy'] {
  const policy = matchPolicy(config.policies, kind, environment, service);
  if (policy?.budget === undefined) return null;
  return { id: policy.id, signOffs: policy.signOffs, budget: policy.budget };
}

/** Of all objectives of an environment those that the gate of a service asks. */
export const isAsked = (slo: Slo, service: string, budget: PolicyBudget): boolean =>
  slo.service === service && (budget.slos === undefined || budget.slos.includes(slo.id));

/** An objective as it is recorded, for the gate. `now` is unix seconds of the database's clock. */
export function gateObjective(known: Known, state: FleetState, now: number): GateObjective {
  const { slo } = known;
  const judged = judgeSlo(known, known.whole);
  const reading = readingOfKnown(known, state, now, judged);
  const { figures, word } = judged;
  const about = { id: slo.id, name: slo.name, objective: slo.objective, window: windowWords(slo) };
  return {
    ...about,
    budgetLeft: reading.state === 'missing' ? null : figures.budgetLeft,
    state: reading.state === 'missing' ? 'no-data' : figures.state,
    coverage: figures.coverage,
    word: reading.state === 'fresh' || word === 'invalid' ? word : 'no-data',
    asOf: reading.state === 'missing' ? null : reading.observedAt,
    away: reading.state === 'fresh' ? null : (reading.detail ?? 'Its counts are not current.'),
  };
}
