import { isMap, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Finding, Place, Rule } from './model';
import { type RuleText, unreadable } from './read-rules';
import {
  fieldOf,
  type Member,
  memberOf,
  membersOf,
  placeAt,
  placeOf,
  resolved,
  type Source,
} from './yaml-nodes';

type RouteMatcher = { label: string; op: string; value: string; written: string; place: Place };
type Route = { place: Place; matchers: RouteMatcher[]; goesOn: boolean; routes: Route[] };

/**
 * routes of an Alertmanager configuration that no rule of the given files can reach: because none carries the
 * labels that the route asks for, or because a sibling before it takes everything. Throws OpsError `invalid` with the
 * place for what is no such configuration.
 */
export function routeFindings(config: RuleText, rules: readonly Rule[]): Finding[] {
  const root = readRoutes(config);
  const alerts = rules.filter((rule) => rule.kind === 'alert');
  return alerts.length === 0 ? [] : below(root, alerts);
}

function readRoutes({ file, text }: RuleText): Route {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, strict: true });
  const [error] = document.errors;
  if (error !== undefined)
    throw unreadable(
      placeAt({ file, lines }, error.pos[0]),
      `not valid YAML: ${error.message.split('\n')[0] ?? ''}`,
    );
  const source: Source = { file, text, lines, document };
  const root = resolved(source, document.contents);
  const route = isMap(root) ? memberOf(membersOf(source, root), 'route') : undefined;
  if (route === undefined || !isMap(route.value))
    throw unreadable(placeOf(source, root), 'no configuration of Alertmanager: it has no route at its top');
  return readRoute(source, route.value, 0);
}

function readRoute(source: Source, node: unknown, depth: number): Route {
  const map = resolved(source, node);
  const place = placeOf(source, node);
  if (!isMap(map)) throw unreadable(place, 'a route is not a mapping');
  if (depth > 50) throw unreadable(place, 'routes are nested more than 50 deep');
  const members = membersOf(source, map);
  const children = memberOf(members, 'routes')?.value;
  return {
    place,
    matchers: members.flatMap((member) => matchersOf(source, member)),
    goesOn: fieldOf(source, memberOf(members, 'continue')?.value)?.value === 'true',
    routes: isSeq(children) ? children.items.map((child) => readRoute(source, child, depth + 1)) : [],
  };
}

/** The old `match` and `match_re`, and `matchers` as a list or as one text. */
function matchersOf(source: Source, { key, value }: Member): RouteMatcher[] {
  if ((key === 'match' || key === 'match_re') && isMap(value)) {
    const op = key === 'match' ? '=' : '=~';
    return membersOf(source, value).map((one) => {
      const text = fieldOf(source, one.value)?.value ?? '';
      return { label: one.key, op, value: text, written: `${one.key}${op}"${text}"`, place: one.keyPlace };
    });
  }
  if (key !== 'matchers') return [];
  const fields = isSeq(value)
    ? value.items.map((item) => fieldOf(source, resolved(source, item)))
    : [fieldOf(source, value)];
  return fields.flatMap((field) =>
    field === null
      ? []
      : [...field.value.matchAll(/([\w:]+)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|[^,}]*)/g)].map((match) => ({
          label: match[1] ?? '',
          op: match[2] ?? '=',
          value: (match[3] ?? '').trim().replace(/^"(.*)"$/, '$1'),
          written: match[0].trim(),
          place: field.place,
        })),
  );
}

function below(route: Route, alerts: readonly Rule[]): Finding[] {
  const open = route.routes.findIndex((one) => one.matchers.length === 0 && !one.goesOn);
  return route.routes.flatMap((child, index) => {
    if (open !== -1 && index > open)
      return [
        finding(
          child.place,
          'This route is never reached: a route before it takes every alert and does not go on.',
          'Alertmanager asks the routes in order and stops at the first that matches, unless it says continue: true.',
        ),
      ];
    const reaching = alerts.filter((rule) => child.matchers.every((matcher) => mayMatch(matcher, rule)));
    if (reaching.length > 0) return below(child, reaching);
    const wanted = child.matchers.map((one) => one.written).join(', ');
    const alone = child.matchers.find((matcher) => !alerts.some((rule) => mayMatch(matcher, rule)));
    return [
      finding(
        alone?.place ?? child.matchers[0]?.place ?? child.place,
        `No alert of these files can reach this route: it asks for ${wanted}.`,
        alone === undefined
          ? 'Each matcher fits some alert, and all of them together fit none.'
          : `No rule has a label that fits ${alone.written}${alone.label === 'severity' ? ': a severity is a label of the rule, for series have none' : ''}.`,
      ),
    ];
  });
}

const finding = (place: Place, says: string, why: string): Finding => ({
  ...place,
  id: 'X-37',
  severity: 'error',
  rule: null,
  says,
  why,
  corrected: null,
});

/** A label that a rule does not set may come from its series; a severity does not. */
function mayMatch({ label, op, value }: RouteMatcher, rule: Rule): boolean {
  const own = label === 'alertname' ? rule.name : rule.labels.find((one) => one.key === label)?.field.value;
  if (own?.includes('{{') === true) return true;
  if (own === undefined && label !== 'severity') return true;
  const text = own ?? '';
  if (op === '=' || op === '!=') return (text === value) === (op === '=');
  try {
    return new RegExp(`^(?:${value})$`, 's').test(text) === (op === '=~');
  } catch {
    // Go's expressions know a little that these do not, such as (?i).
    return true;
  }
}
