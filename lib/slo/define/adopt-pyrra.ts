import type { Labels, VectorSeries } from '@/lib/sources/prometheus/client';
import {
  type Adopted,
  agreedObjective,
  agreedWindow,
  byLabels,
  copiesOf,
  finite,
  grouped,
  named,
  percentText,
  without,
} from './adopt';
import {
  type AdoptedGroup,
  budgetBounds,
  type Figure,
  figureOf,
  labelText,
  mergeCopies,
  noFigure,
  shareBounds,
  withoutReplica,
} from './adopt-group';

const alertLabels = ['__name__', 'alertname', 'alertstate', 'severity', 'long', 'short', 'exhaustion'];
const isGeneric = ({ labels }: VectorSeries): boolean => (labels['__name__'] ?? '').startsWith('pyrra_');
const isAlert = ({ labels }: VectorSeries): boolean => labels['__name__'] === 'ALERTS';
const own = (labels: Labels): Labels => without(withoutReplica(labels), ['__name__']);

/** Objectives of Pyrra: its generic rules, and the names of those that are recorded without them (`pyrraQuery`). */
export function adoptPyrra(series: readonly VectorSeries[]): Adopted[] {
  const generic = series.filter(isGeneric);
  const known = new Set(generic.map(({ labels }) => labels['slo']));
  const others = series.filter((one) => !isGeneric(one) && !isAlert(one) && !known.has(one.labels['slo']));
  const alerts = series.filter(isAlert);
  return [
    ...grouped(generic, (labels) => labelText(own(labels))).map(([key, all]) => fromGeneric(key, all)),
    ...grouped(others, (labels) => labels['slo'] ?? null).map(([slo, all]) => fromBurnRates(slo, all)),
  ].map((one) => ({ ...one, alert: alertOf(one, alerts) }));
}

/** An alert has the labels of its objective, those of the burn pair, and of the group that burns. */
function alertOf(
  { name, labels }: Omit<Adopted, 'alert'>,
  alerts: readonly VectorSeries[],
): Adopted['alert'] {
  const mine = alerts.filter((alert) => {
    const given = without(alert.labels, alertLabels);
    const isMine = Object.entries(labels).every(([label, value]) => (given[label] ?? value) === value);
    return given['slo'] === name && isMine;
  });
  if (mine.length === 0) return null;
  return mine.some((alert) => alert.labels['severity'] === 'critical') ? 'page' : 'ticket';
}

function fromGeneric(key: string, all: readonly VectorSeries[]): Omit<Adopted, 'alert'> {
  const labels = own(all[0]?.labels ?? {});
  const targets = named(all, 'pyrra_objective').flatMap(({ value }) => finite(value) ?? []);
  const { objective, problem } = agreedObjective(targets.map(percentText));
  const copies = copiesOf(all);
  return {
    tool: 'pyrra',
    key,
    name: labels['slo'] ?? '',
    service: labels['service'] ?? null,
    labels: without(labels, ['slo']),
    objective,
    windowSeconds: agreedWindow(named(all, 'pyrra_window').map(({ value }) => finite(value))),
    method: 'increase',
    groups: mergeCopies(copies.map((copy) => [groupOf(copy, objective)])),
    copies: Math.max(1, copies.length),
    problem,
  };
}

function groupOf(copy: readonly VectorSeries[], objective: string | null): AdoptedGroup {
  const value = (metric: string) => named(copy, metric)[0]?.value;
  const target = objective === null ? null : Number(objective) / 100;
  const availability = figureOf(value('pyrra_availability'), shareBounds);
  const left = (share: number, of: number): Figure => figureOf((share - of) / (1 - of), budgetBounds);
  return {
    labels: {},
    ratio: ratioOf(value('pyrra_errors:rate5m'), value('pyrra_requests:rate5m')),
    budgetLeft:
      availability.none !== null
        ? availability
        : target === null
          ? noFigure('absent')
          : left(availability.value, target),
  };
}

/** No requests is no ratio: 0/0 is not 0 %. */
function ratioOf(errors: number | undefined, requests: number | undefined): Figure {
  if (errors === undefined || requests === undefined) return noFigure('absent');
  if (requests === 0) return noFigure(errors > 0 ? 'impossible' : 'no-traffic');
  return figureOf(errors / requests, shareBounds);
}

/** Despite its name `:burnrate5m` is an error ratio that is not divided by the budget (pyrra#594). */
function fromBurnRates(slo: string, all: readonly VectorSeries[]): Omit<Adopted, 'alert'> {
  const copies = copiesOf(all);
  const groupsOf = (copy: readonly VectorSeries[]): AdoptedGroup[] =>
    byLabels(copy, ['__name__', 'slo']).map(({ labels, own: [first] }) => {
      const ratio = figureOf(first?.value, shareBounds);
      return {
        labels,
        ratio: ratio.none === 'not-a-number' ? noFigure('no-traffic') : ratio,
        budgetLeft: noFigure('absent'),
      };
    });
  return {
    tool: 'pyrra',
    key: labelText({ slo }),
    name: slo,
    service: null,
    labels: {},
    objective: null,
    windowSeconds: null,
    method: 'increase',
    groups: mergeCopies(copies.map(groupsOf)),
    copies: Math.max(1, copies.length),
    problem:
      'Pyrra records its objective and window only with --generic-rules, and not for grouped objectives.',
  };
}
