import type { Selector } from '@/lib/sources/prometheus/queries';
import { durationText } from '../define/slo-form';
import { type BurnRule, burnRules, guideRules, ruleProblem } from '../math/burn';
import type { Objective } from '../math/objective';
import type { WindowExprs } from './period';
import { numeral, recordedAtLeast, recordedOver } from './promql';

/** A burn alert as PromQL; its value is the burn rate of the long span. */
export type BurnAlert = { rule: BurnRule; isGuide: boolean; expr: string; spans: string };

export type BurnAsk = {
  objective: Objective;
  window: WindowExprs;
  total: Selector;
  bad: Selector;
  minFailures: number;
};

/** Factors are products of per cent and spans: without this 0.93333 would carry sixteen digits. */
const shortest = (value: number): string => numeral(Number(value.toPrecision(12)));

/** `1h and 5m` */
export const spanWords = ({ longSeconds, shortSeconds }: BurnRule): string =>
  [longSeconds, ...(shortSeconds === null ? [] : [shortSeconds])].map(durationText).join(' and ');

/** The four pairs and the alerts of SLO-03, and in words those that could never do their work. */
export function burnAlerts(ask: BurnAsk): { alerts: BurnAlert[]; notes: string[] } {
  const { objective, window } = ask;
  const pairs = burnRules(objective, window.nominal);
  const guides = guideRules(objective, window.nominal);
  const notes = [...pairs, ...guides].flatMap(
    (rule) => unusable(rule, objective, guides) ?? (rule.factor < 1 ? [slowNote(rule)] : []),
  );
  const usable = (rule: BurnRule) => unusable(rule, objective, guides) === null;
  const alert = (rule: BurnRule, isGuide: boolean): BurnAlert => ({
    rule,
    isGuide,
    expr: burnExpr(rule, isGuide, ask),
    spans: spanWords(rule),
  });
  return {
    alerts: [
      ...pairs.filter(usable).map((rule) => alert(rule, false)),
      ...guides.filter(usable).map((rule) => alert(rule, true)),
    ],
    notes,
  };
}

function unusable(rule: BurnRule, objective: Objective, guides: readonly BurnRule[]): string | null {
  const problem = ruleProblem(rule, objective);
  if (problem !== null) return problem;
  if (!guides.includes(rule) || rule.factor > 1) return null;
  return `The rule ${rule.id} is left out: its threshold is a burn of ${shortest(rule.factor)}, and a burn of 1 is what an objective of ${objective.text} % allows.`;
}

/** On a short window the same share of the budget is a burn that the objective allows. */
const slowNote = ({ id, factor, spent, longSeconds }: BurnRule): string =>
  `The rule ${id} fires at a burn of ${Number(factor.toPrecision(3))}, slower than the objective allows: on its window ${spent * 100} % of the budget in ${durationText(longSeconds)} are no more than that.`;

function burnExpr(rule: BurnRule, isGuide: boolean, ask: BurnAsk): string {
  const { total, bad, minFailures } = ask;
  const over = rule.severity === 'page' ? recordedAtLeast : recordedOver;
  const limit = limitText(rule, isGuide, ask.window);
  const burn = (seconds: number) =>
    `(${over(bad, seconds).text}\n  / ${over(total, seconds).text}\n  / ${numeral(ask.objective.budget)}) > ${limit}`;
  return [
    burn(rule.longSeconds),
    ...(rule.shortSeconds === null ? [] : [burn(rule.shortSeconds)]),
    // The counts are estimates of whole numbers: what rounds to so many failures is so many.
    `${over(bad, rule.longSeconds).text} >= ${numeral(minFailures - 0.5)}`,
  ].join('\nand\n');
}

/** The burn above which a rule fires. That of a pair follows the length of the window, also that of a month. */
function limitText(rule: BurnRule, isGuide: boolean, window: WindowExprs): string {
  if (isGuide || window.days === null) return shortest(rule.factor);
  return `${window.days} * ${shortest((rule.spent * 86_400) / rule.longSeconds)}`;
}
