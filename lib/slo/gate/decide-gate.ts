import { type Role, roleNames, roles } from '@/lib/access/model';
import { type BudgetAnswer, levelRoles, type PolicyBudget, unknownAnswer } from '@/lib/config/policy-budget';
import type { DataState } from '../model';
import { leftText, perCent } from './left-text';
import {
  type GateAction,
  type GateDecision,
  type GateEvidence,
  type GateObjective,
  type GateVerdict,
  gateVerdicts,
} from './model';

export type GateQuestion = {
  action: GateAction;
  /** Null: no policy covers such a change there, or the one that does has no budget part. */
  policy: { id: string; signOffs: readonly Role[]; budget: PolicyBudget } | null;
  /** Those that the policy asks. */
  objectives: readonly GateObjective[];
};

/** A change as the sentences call it. */
const nouns: Record<GateAction, { one: string; many: string }> = {
  deploy: { one: 'deploy', many: 'deploys' },
  shift: { one: 'traffic shift', many: 'traffic shifts' },
  // Evidence without a verdict: what a deploy would meet.
  rollback: { one: 'deploy', many: 'deploys' },
};

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/**
 * Whether a deploy or a traffic shift may go its usual way (SLO-07). Every level that a budget fell below holds, every
 * objective has a say and the strictest answer counts, so that less budget never gives a laxer one. A budget that is
 * old, partly recorded or contradictory counts as unknown and by its figure. Pure.
 */
export function decideGate({ action, policy, objectives }: GateQuestion): GateDecision {
  const open: Pick<GateDecision, 'verdict' | 'signOffs' | 'next'> = {
    verdict: 'open',
    signOffs: [],
    next: null,
  };
  const noun = nouns[action];
  if (policy === null) {
    const sentence = `No policy asks the error budget before a ${noun.one} here.`;
    return { ...open, basis: 'no-policy', objectives: [], sentence, reason: sentence };
  }
  const evidence = objectives
    .map((objective) => evidenceOf(policy, objective, noun.many))
    .sort((a, b) => rank(b.verdict) - rank(a.verdict) || leftOf(a) - leftOf(b) || a.id.localeCompare(b.id));
  if (action === 'rollback') {
    const sentence = 'Going back to what ran before never waits for the error budget.';
    return { ...open, basis: 'rollback', objectives: evidence, sentence, reason: sentence };
  }
  const [worst] = evidence;
  if (worst === undefined) {
    const sentence = `The policy ${policy.id} asks the error budget, but no objective holds here.`;
    return { ...open, basis: 'no-objective', objectives: [], sentence, reason: sentence };
  }
  const { verdict } = worst;
  const signOffs = verdict === 'sign-offs' ? inOrder(evidence.flatMap((one) => one.signOffs)) : [];
  const asked = signOffs.map((role) => roleNames[role]).join(', ');
  if (verdict === 'open') {
    const sentence = openSentence(evidence);
    return { ...open, basis: 'budget', objectives: evidence, sentence, reason: sentence };
  }
  const deciding = evidence.filter((one) => one.verdict === verdict);
  const reason = deciding.map(({ sentence }) => sentence).join(' ');
  const lead =
    verdict === 'closed'
      ? `${capital(noun.many)} are refused.`
      : `A ${noun.one} needs more sign-offs: ${asked}.`;
  return {
    verdict,
    basis: 'budget',
    signOffs,
    objectives: evidence,
    sentence: `${lead} ${reason}`,
    reason,
    next:
      verdict === 'closed'
        ? 'Go back to a version that ran before, which never waits for the budget; or wait until enough of it is left.'
        : `Ask for the ${noun.one}: its plan names ${asked} beside the usual sign-offs.`,
  };
}

/** The least budget, and each that is not known: an open gate does not hide what it could not see. */
function openSentence(evidence: readonly GateEvidence[]): string {
  const unknown = evidence.filter((one) => one.unknown !== null);
  const [least, ...rest] = evidence.filter((one) => one.unknown === null);
  const count = rest.length === 1 ? 'The other objective has' : `The other ${rest.length} objectives have`;
  return [
    ...(least === undefined ? [] : [least.sentence]),
    ...(rest.length === 0 ? [] : [`${count} no less.`]),
    ...unknown.map(({ sentence }) => sentence),
  ].join(' ');
}

const rank = (verdict: GateVerdict): number => gateVerdicts.indexOf(verdict);
const leftOf = ({ budgetLeft }: GateObjective): number => budgetLeft ?? Number.NEGATIVE_INFINITY;
const inOrder = (found: readonly Role[]): Role[] => roles.filter((role) => found.includes(role));

function evidenceOf(
  { id, signOffs: usual, budget }: NonNullable<GateQuestion['policy']>,
  objective: GateObjective,
  many: string,
): GateEvidence {
  const { budgetLeft } = objective;
  const reached =
    budgetLeft === null ? [] : budget.levels.filter(({ below }) => perCent(budgetLeft) < Number(below));
  const unknown = unknownWords(objective);
  const answer = unknown === null ? 'allow' : unknownAnswer(budget);
  const burn = objective.word === 'burning-fast' ? budget.burning : 'allow';
  const refused = [answer, burn].includes('refuse') || reached.some(({ refuse }) => refuse === true);
  const wanted = [
    ...reached.flatMap(({ signOffs }) => signOffs ?? []),
    ...([answer, burn].includes('sign-off') ? levelRoles(budget) : []),
  ].filter((role) => !usual.includes(role));
  const verdict = refused ? 'closed' : wanted.length > 0 ? 'sign-offs' : 'open';
  const lowest = reached.toSorted((a, b) => Number(a.below) - Number(b.below))[0]?.below ?? null;
  const about = `${objective.name}: ${leftWords(budgetLeft, lowest, unknown === null)}`;
  const level = lowest === null ? '' : `, below the ${lowest} % of the policy ${id}`;
  const doubt = unknown === null ? '' : ` ${unknown} The policy ${id} ${unknownRule(answer, many)}.`;
  return {
    ...objective,
    verdict,
    unknown,
    below: lowest,
    signOffs: verdict === 'sign-offs' ? inOrder(wanted) : [],
    sentence: `${about}${level}.${doubt}${burn === 'allow' ? '' : ` It burns fast now, and the policy ${id} ${burnRule(burn, many)}.`}`,
  };
}

/** A figure that nobody vouches for is told as what it is: what was recorded, or is old. */
function leftWords(budgetLeft: number | null, below: string | null, isKnown: boolean): string {
  if (budgetLeft === null) return 'what is left of its error budget is not known';
  const left = `${leftText(budgetLeft, below)} of its error budget`;
  return isKnown ? `${left} is left` : `by what is recorded, ${left} would be left`;
}

function unknownRule(answer: BudgetAnswer, many: string): string {
  if (answer === 'allow') return 'lets an unknown budget pass';
  return answer === 'refuse'
    ? `refuses ${many} while a budget is unknown`
    : 'asks for more sign-offs while a budget is unknown';
}

const burnRule = (answer: Exclude<BudgetAnswer, 'allow'>, many: string): string =>
  answer === 'refuse' ? `refuses ${many} meanwhile` : 'asks for more sign-offs meanwhile';

/** Why nobody can vouch for a budget now; null when it is known. */
function unknownWords({ state, word, away, asOf, budgetLeft, coverage }: GateObjective): string | null {
  if (away !== null) return away;
  if (asOf === null) return 'Nothing of its window is recorded.';
  const why = whys[state];
  if (why !== null) return state === 'partial' ? `${why} (${shareText(coverage)}).` : `${why}.`;
  if (budgetLeft === null) return 'Its figures give no budget.';
  if (word === 'no-data') return 'Nothing said anything about it in the last hour.';
  return word === 'invalid' ? 'Its newest counts contradict themselves.' : null;
}

const shareText = (share: number): string =>
  share > 0 && share < 0.001 ? 'under 0.1 %' : `${(share * 100).toFixed(1)} %`;

const whys: Record<DataState, string | null> = {
  'no-data': 'Nothing of its window is recorded',
  'no-traffic': 'Nothing was asked in its window, and nothing served is no proof of health',
  invalid: 'Its counts contradict themselves',
  partial: 'Less than half of its window is recorded',
  ok: null,
  'no-errors': null,
};
