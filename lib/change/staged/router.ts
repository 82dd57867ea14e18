import { type Colour, colours } from '@/lib/config/colours';
import type { Fields } from './contract';
import {
  byPart,
  type Entry,
  entriesOf,
  entryMember,
  headerRule,
  JsonObject,
  misfit,
  objectName,
  objectsOf,
  type Part,
  parts,
  type RoutedPair,
  refuseOtherWays,
  ruleName,
  type Shares,
  sendTo,
  serviceOf,
} from './router-rules';

export type { RoutedPair, Shares };

export const sharesFor = (colour: Colour, percent: number): Shares =>
  colour === 'blue' ? { blue: percent, green: 100 - percent } : { blue: 100 - percent, green: percent };

/**
 * Percent of the requests that each colour gets: by the selector of a Service, the weights of the named route of a
 * VirtualService (TRF-01: they sum to 100), the relative weights of an HTTPRoute rule (an absent one counts 1), or
 * the serving pods. Null when it cannot be told: no such rule, other backends, wrong sums.
 */
export function sharesOf(
  pair: RoutedPair,
  router: Fields | null,
  pods?: { blue: number; green: number },
): Shares | null {
  const { traffic } = pair;
  if (traffic.kind === 'replicas') return pods === undefined ? null : inPercent(pods);
  if (router === null) return null;
  if (traffic.kind === 'service') {
    const selected = JsonObject.safeParse(router['selector']).data?.[traffic.label];
    const colour = colours.find((one) => one === selected);
    return colour === undefined ? null : sharesFor(colour, 100);
  }
  const rule = weightedRule(pair, objectsOf(router[memberOf(pair)]) ?? []);
  const entries = rule === null ? null : entriesOf(pair, rule);
  if (entries === null) return null;
  const { blue, green, baseline } = byPart(pair, entries);
  if (blue === null && green === null) return null;
  // Istio gives everything to an only destination, whatever its weight says.
  if (traffic.kind === 'virtual-service' && entries.length === 1)
    return withBaseline(pair, sharesFor(blue === null ? 'green' : 'blue', 100));
  const absent = traffic.kind === 'http-route' ? 1 : 0;
  const weight = (entry: Entry | null): number => (entry === null ? 0 : (entry.weight ?? absent));
  const weights = withBaseline(pair, {
    blue: weight(blue),
    green: weight(green),
    baseline: weight(baseline),
  });
  if (traffic.kind === 'virtual-service' && sumOf(weights) !== 100) return null;
  return inPercent(weights);
}

const sumOf = ({ blue, green, baseline = 0 }: Shares): number => blue + green + baseline;

/** Told of a pair that has one; its pods run the old version and are none of a colour. */
const withBaseline = (pair: RoutedPair, { blue, green, baseline = 0 }: Shares): Shares =>
  pair.baseline === undefined ? { blue, green } : { blue, green, baseline };

/**
 * Where only one colour shall have pods, it answers whatever is answered, also while the router is not there or names
 * no colour: a pair that is being set up. `desired`: replicas by the spec. Null when both or neither shall.
 */
export function aloneOf(desired: { blue: number; green: number }): Shares | null {
  if (desired.blue > 0 && desired.green === 0) return sharesFor('blue', 100);
  return desired.green > 0 && desired.blue === 0 ? sharesFor('green', 100) : null;
}

function inPercent(weights: Shares): Shares | null {
  const { blue, green, baseline } = weights;
  const sum = sumOf(weights);
  if (!(sum > 0) || blue < 0 || green < 0 || (baseline ?? 0) < 0) return null;
  const share = (part: number): number => (100 * part) / sum;
  return baseline === undefined
    ? { blue: share(blue), green: 100 - share(blue) }
    : { blue: share(blue), green: share(green), baseline: share(baseline) };
}

/**
 * The members of the router's spec with these shares. Only the weights of the named rule change, which are all
 * written (an absent one would be a split by accident), and with `header` the destination of the x-canary rule.
 * Shares are whole percents that sum to 100. Throws OpsError `precondition` naming what does not fit.
 */
export function withShares(pair: RoutedPair, router: Fields, shares: Shares, header: Colour | null): Fields {
  const { traffic } = pair;
  const all = [shares.blue, shares.green, shares.baseline ?? 0];
  if (!all.every(Number.isInteger) || sumOf(shares) !== 100)
    throw misfit(`Shares of ${shares.blue} % and ${shares.green} % are not whole percents that sum to 100.`);
  if (all.some((share) => share < 0)) throw misfit('A share is below 0 %.');
  if ((shares.baseline ?? 0) > 0 && pair.baseline === undefined)
    throw misfit(`${objectName(pair)} has no baseline to send requests to.`);
  switch (traffic.kind) {
    case 'replicas':
      throw misfit(`${objectName(pair)} has no weights: the share is that of the pods.`);
    case 'service':
      return withSelector(pair, traffic.label, router, shares);
    case 'virtual-service':
    case 'http-route': {
      const { member, rules } = rulesOf(pair, router);
      const weighted = weightedRule(pair, rules);
      if (weighted === null) throw misfit(`${objectName(pair)} has no ${ruleName(pair)}, or has it twice.`);
      refuseOtherWays(pair, weighted);
      const withHeader = header === null ? null : headerRule(pair, rules, weighted);
      const changed = rules.map((rule) => {
        if (rule === weighted) return withWeights(pair, rule, shares);
        return header !== null && rule === withHeader ? withOnly(pair, rule, header) : rule;
      });
      return { ...router, [member]: changed };
    }
  }
}

function withSelector(pair: RoutedPair, label: string, router: Fields, shares: Shares): Fields {
  const selector = JsonObject.safeParse(router['selector']).data;
  const now = selector?.[label];
  if (selector === undefined || !colours.some((colour) => colour === now))
    throw misfit(`The selector of ${objectName(pair)} does not name a colour by the label ${label}.`);
  const colour = colours.find((one) => shares[one] === 100);
  if (colour === undefined)
    throw misfit(`${objectName(pair)} sends all requests to one colour and cannot split them.`);
  return { ...router, selector: { ...selector, [label]: colour } };
}

const memberOf = (pair: RoutedPair): 'http' | 'rules' =>
  pair.traffic.kind === 'virtual-service' ? 'http' : 'rules';

function rulesOf(pair: RoutedPair, router: Fields): { member: 'http' | 'rules'; rules: JsonObject[] } {
  const member = memberOf(pair);
  const rules = objectsOf(router[member]);
  if (rules === null)
    throw misfit(`${objectName(pair)} has no ${member === 'http' ? 'http routes' : 'rules'}.`);
  return { member, rules };
}

/** The rule that has the weights; null when there is none or a name that two routes have. */
function weightedRule(pair: RoutedPair, rules: readonly JsonObject[]): JsonObject | null {
  const { traffic } = pair;
  if (traffic.kind === 'http-route') return rules[traffic.rule] ?? null;
  if (traffic.kind !== 'virtual-service') return null;
  const found = rules.filter((rule) => rule['name'] === traffic.route);
  return found.length === 1 ? (found[0] ?? null) : null;
}

function withWeights(pair: RoutedPair, rule: JsonObject, shares: Shares): JsonObject {
  const entries = entriesOf(pair, rule);
  if (entries === null) {
    throw misfit(
      `The ${ruleName(pair)} of ${objectName(pair)} does not send to ${pair.blue.service} and ${pair.green.service} alone.`,
    );
  }
  const raw = objectsOf(rule[entryMember(pair)]) ?? [];
  const weightOf = (part: Part): number => shares[part] ?? 0;
  const weighed = raw.map((entry, index) => {
    const part = parts.find((one) => serviceOf(pair, one) === entries[index]?.host);
    return part === undefined ? entry : { ...entry, weight: weightOf(part) };
  });
  const present = byPart(pair, entries);
  const [first] = raw;
  // A colour is always named; the baseline only while it has a part.
  const added = parts.flatMap((part) => {
    const service = serviceOf(pair, part);
    const isWanted = part !== 'baseline' || weightOf(part) > 0;
    if (first === undefined || service === null || present[part] !== null || !isWanted) return [];
    return [{ ...sendTo(pair, first, service), weight: weightOf(part) }];
  });
  return { ...rule, [entryMember(pair)]: [...weighed, ...added] };
}

function withOnly(pair: RoutedPair, rule: JsonObject, colour: Colour): JsonObject {
  const raw = objectsOf(rule[entryMember(pair)]) ?? [];
  return { ...rule, [entryMember(pair)]: raw.map((entry) => sendTo(pair, entry, pair[colour].service)) };
}
