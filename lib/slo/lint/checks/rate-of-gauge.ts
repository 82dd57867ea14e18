import type { Check, Scope, Spot } from '../model';
import { durationSeconds } from '../promql/parse';
import { bare, comparisonOf, type Node, walk } from '../promql/tree';
import { inPlaceOf, numberText, type Rated, ratedOf, ratedText, sourceOf } from '../rewrite';
import { type GaugeSign, gaugeSign } from '../series-names';

/** A tenth more than lay there before: what the guides call over the baseline (SLI-11). */
const RELATIVE = '0.1';

const because: Record<GaugeSign, string> = {
  declared: 'is a gauge',
  described: 'is described as a size, so it is a gauge',
  named: 'is, by its name, the size of something: a gauge',
};

/**
 * rate() and increase() are for counters: on a gauge each fall is taken for a restart and counted. A gauge has
 * deriv() and delta(). A limit on growth needs a number and a share: ten per cent of nothing is nothing.
 */
export const rateOfGauge: Check = (scope) => {
  const done = new Set<Node>();
  return [...walk(scope.root)].flatMap(([node, above]) => {
    const compared = comparisonOf(node);
    const series = compared === null ? null : bare(compared.series);
    const rated = ratedOf(series ?? node, ['rate', 'irate', 'increase']);
    if (rated === null || done.has(rated.call)) return [];
    const sign = gaugeSign(rated.selector.name ?? '', scope.series);
    if (sign === null) return [];
    done.add(rated.call);
    const isGrowth =
      compared !== null && /^>=?$/.test(compared.op) && compared.limit > 0 && !compared.node.bool;
    if (!isGrowth || compared === null) return [plain(scope, rated, sign)];
    const limit = numberText(compared.limit);
    const delta = ratedText(scope, rated, 'delta');
    const selector = sourceOf(scope, rated.selector);
    const window = rated.range.window;
    const isShifted = rated.call.kind === 'call' && rated.call.args[0]?.kind !== 'range';
    return [
      {
        ...plain(scope, rated, sign),
        why: `${each(rated, compared.limit)}The correction takes ${limit} as growth within ${window}, and asks for a tenth more than lay there before: a share alone says nothing where there was nothing.`,
        edits: isShifted
          ? plain(scope, rated, sign).edits
          : [
              inPlaceOf(
                node,
                above,
                `${delta} ${compared.op} ${limit}\nand ${delta} > ${RELATIVE} * (${selector} offset ${window})`,
              ),
            ],
      },
    ];
  });
};

function plain(scope: Scope, rated: Rated, sign: GaugeSign): Spot {
  const name = rated.selector.name ?? 'This series';
  const better = rated.name === 'increase' ? 'delta' : 'deriv';
  return {
    id: 'X-03',
    severity: sign === 'named' ? 'warning' : 'error',
    span: { from: rated.call.from, to: rated.call.to },
    says: `${rated.name}() takes ${name} for a counter, and it ${because[sign]}.`,
    why: `Each time it falls, ${rated.name}() sees a restart and counts all that is left. A gauge has ${better}().`,
    edits: [{ from: rated.call.from, to: rated.call.to, text: ratedText(scope, rated, better) }],
  };
}

/** What a limit per second comes to in the window. */
function each(rated: Rated, limit: number): string {
  const seconds = durationSeconds(rated.range.window);
  if (rated.name === 'increase' || seconds === null) return '';
  return `${numberText(limit)} per second is ${numberText(limit * seconds)} in ${rated.range.window}. `;
}
