import 'server-only';
import type { Config } from '@/lib/config/schema';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { knownNow } from '../fleet/known-now';
import { slosIn } from '../fleet/read';
import { decideGate } from './decide-gate';
import type { GateDecision, GateKind } from './model';
import { type GatePlace, gateObjective, gatePolicy, isAsked } from './objectives';

/**
 * The decision of this moment on a change of a kind, from recorded buckets alone; null where no policy asks the budget.
 * `at`: when it was read.
 */
export async function readGate(
  db: DatabaseOrTransaction,
  config: Config,
  place: GatePlace,
  { kind, goesBack }: { kind: GateKind; goesBack: boolean },
): Promise<(GateDecision & { at: Date }) | null> {
  const policy = gatePolicy(config, place, kind);
  if (policy === null) return null;
  const slos = slosIn(config, place.environment).filter((slo) => isAsked(slo, place.service, policy.budget));
  const state = await knownNow(db, config, place.environment, slos);
  const objectives = state.known.map((known) => gateObjective(known, state, state.at));
  return {
    ...decideGate({ action: goesBack ? 'rollback' : kind, policy, objectives }),
    at: new Date(state.at * 1000),
  };
}
