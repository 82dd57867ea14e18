import type { VectorSeries } from '@/lib/sources/prometheus/client';
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
  figureOf,
  mergeCopies,
  shareBounds,
  withoutReplica,
} from './adopt-group';

export const slothRatio = 'slo:sli_error:ratio_rate5m';
const slothRest = 'slo:period_error_budget_remaining:ratio';
const slothLabels = [
  '__name__',
  'sloth_id',
  'sloth_service',
  'sloth_slo',
  'sloth_window',
  'sloth_version',
  'sloth_mode',
  'sloth_spec',
  'sloth_objective',
  'sloth_severity',
];

/** Objectives of Sloth from the newest values of its series and its alerts that fire (`slothQuery`). */
export function adoptSloth(series: readonly VectorSeries[]): Adopted[] {
  return grouped(series, (labels) => labels['sloth_id'] ?? null).flatMap(([id, all]) => {
    const own = all.filter(({ labels }) => labels['__name__'] !== 'ALERTS');
    const severities = named(all, 'ALERTS').map(({ labels }) => labels['sloth_severity']);
    return own.length === 0 ? [] : [{ ...adopted(id, own), alert: alertOf(severities) }];
  });
}

const alertOf = (severities: readonly (string | undefined)[]): Adopted['alert'] =>
  severities.includes('page') ? 'page' : severities.length > 0 ? 'ticket' : null;

function adopted(id: string, own: readonly VectorSeries[]): Omit<Adopted, 'alert'> {
  const infos = named(own, 'sloth_slo_info');
  const meta = infos[0] ?? own[0];
  const said = infos.flatMap(({ labels }) => labels['sloth_objective'] ?? []);
  const ratios = named(own, 'slo:objective:ratio').flatMap(({ value }) => finite(value) ?? []);
  const { objective, problem } = agreedObjective(said.length > 0 ? said : ratios.map(percentText));
  const days = named(own, 'slo:time_period:days').map(({ value }) => finite(value));
  const copies = copiesOf(own.filter(isFigure));
  const groups = mergeCopies(copies.map(groupsOf));
  return {
    tool: 'sloth',
    key: id,
    name: meta?.labels['sloth_slo'] ?? id,
    service: meta?.labels['sloth_service'] ?? null,
    labels: without(withoutReplica(meta?.labels ?? {}), slothLabels),
    objective,
    windowSeconds: agreedWindow(days.map((one) => (one === null ? null : one * 86_400))),
    method: 'mean-of-ratios',
    groups,
    copies: Math.max(1, copies.length),
    problem:
      problem ??
      (groups.every(({ ratio }) => ratio.none === 'absent')
        ? 'Its error ratio of 5 minutes is not recorded.'
        : null),
  };
}

const isFigure = ({ labels }: VectorSeries): boolean =>
  labels['__name__'] === slothRatio || labels['__name__'] === slothRest;

/** A rule of Sloth divides failures by requests: NaN over 5 minutes is 0/0, no traffic. */
const groupsOf = (copy: readonly VectorSeries[]): AdoptedGroup[] =>
  byLabels(copy, slothLabels).map(({ labels, own }) => {
    const ratio = figureOf(named(own, slothRatio)[0]?.value, shareBounds);
    return {
      labels,
      ratio: ratio.none === 'not-a-number' ? { value: null, none: 'no-traffic' } : ratio,
      budgetLeft: figureOf(named(own, slothRest)[0]?.value, budgetBounds),
    };
  });
