import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import type { Config } from '@/lib/config/schema';
import type { Service } from '@/lib/config/service';
import { type Slo, timeSlices } from '@/lib/config/slo';
import { histogramFraction, rate, type Selector, sumBy } from '@/lib/sources/prometheus/queries';
import { canonical } from './canonical';
import { plainDecimal, shiftPoint } from './decimal';
import { environmentsOf, type IndicatorQueries, indicatorOf } from './indicator';
import { annotation, apiVersion } from './openslo-schema';
import { durationText, sloForm } from './slo-form';

/** Monday, first of a month and of a quarter: every calendar period can begin there. */
export const calendarStart = '2024-01-01 00:00:00';
const calendarDurations = { week: '1w', month: '1M', quarter: '1Q' } as const;
const operators = { '>=': 'gte', '<=': 'lte', '>': 'gt', '<': 'lt', '==': 'gte' } as const;

export type Exported = { text: string; notes: string[] };

/**
 * Objectives as OpenSLO v1 documents. What the specification has no word for is in annotations, which an import
 * reads again; `notes` say what another reader of the documents would take differently.
 */
export function exportSlos(config: Config, asked?: string): Exported {
  const notes: string[] = [];
  const documents = config.slos.flatMap((slo) => {
    const service = config.services.find(({ id }) => id === slo.service);
    if (service === undefined) return [];
    const holds = environmentsOf(service, slo);
    const environment = asked ?? holds[0];
    if (environment === undefined || !holds.includes(environment)) {
      notes.push(`${slo.id}: not exported; it does not hold in ${asked ?? 'any environment'}.`);
      return [];
    }
    if (holds.length > 1 && slo.scope === 'service') {
      notes.push(`${slo.id}: the queries are those of ${environment}; it holds in ${holds.join(', ')}.`);
    }
    const { document, said } = sloDocument(service, slo, environment);
    notes.push(...said.map((text) => `${slo.id}: ${text}`));
    return [document];
  });
  return { text: documents.map((document) => stringify(document, { lineWidth: 0 })).join('---\n'), notes };
}

type Document = { document: object; said: string[] };

/** One objective as a document, with its indicator inside. */
export function sloDocument(service: Service, slo: Slo, environment: string): Document {
  const asked = indicatorOf(service, slo, environment);
  const sli = sliSpec(asked);
  const slices = timeSlices(slo);
  const threshold =
    asked.kind === 'probe' ? { op: operators[asked.healthy.op], value: asked.healthy.value } : {};
  const document = {
    apiVersion,
    kind: 'SLO',
    metadata: {
      name: slo.id,
      displayName: slo.name,
      annotations: annotations(slo, [sli.spec, threshold]),
    },
    spec: {
      ...(slo.description === undefined ? {} : { description: slo.description }),
      service: slo.service,
      indicator: { metadata: { name: `${slo.id}-sli`.slice(0, 63).replace(/-$/, '') }, spec: sli.spec },
      timeWindow: [timeWindow(slo.window)],
      budgetingMethod: slices === null ? 'Occurrences' : 'Timeslices',
      objectives: [
        {
          ...threshold,
          targetPercent: Number(slo.objective),
          ...(slices === null
            ? {}
            : {
                timeSliceTarget: Number(shiftPoint(slices.target, -2)),
                timeSliceWindow: durationText(slices.seconds),
              }),
        },
      ],
    },
  };
  return { document, said: sli.said };
}

function timeWindow(window: Slo['window']): object {
  if (window.kind === 'rolling') return { duration: durationText(window.seconds), isRolling: true };
  return {
    duration: calendarDurations[window.unit],
    calendar: { startTime: calendarStart, timeZone: window.zone },
    isRolling: false,
  };
}

const metric = (query: string) => ({ metricSource: { type: 'Prometheus', spec: { query } } });
const ofSelector = ({ text }: Selector) => metric(text);

function sliSpec(asked: IndicatorQueries): { spec: object; said: string[] } {
  switch (asked.kind) {
    case 'counters': {
      const [total, other] = asked.counted;
      const sides = { [other.role]: ofSelector(other.selector), total: ofSelector(total.selector) };
      return { spec: { ratioMetric: { counter: true, ...sides } }, said: [] };
    }
    case 'native': {
      const fraction = histogramFraction(asked.below, sumBy([], rate(asked.histogram, 300)));
      return {
        spec: { ratioMetric: { counter: false, raw: metric(fraction.text), rawType: 'success' } },
        said: ['OpenSLO has no native histograms: it is written as a ratio over 5 minutes (raw).'],
      };
    }
    case 'probe':
      return {
        spec: { thresholdMetric: ofSelector(asked.selector) },
        said:
          asked.healthy.op === '=='
            ? [`OpenSLO has no operator for ==: it is written as gte ${asked.healthy.value}.`]
            : [],
      };
    default:
      return asked satisfies never;
  }
}

/** Tells whether the indicator and threshold of a document are still those that were exported (16 hex digits). */
export const queriesDigest = (spec: unknown): string =>
  createHash('sha256').update(canonical(spec)).digest('hex').slice(0, 16);

function annotations(slo: Slo, spec: unknown): Record<string, string> {
  const form = sloForm(slo);
  const { indicator, scope, method } = slo;
  const asWritten = scope === 'written' && indicator !== 'availability' && indicator.kind === 'events';
  const target = method === 'occurrences' ? undefined : method.target;
  const sliceTarget =
    method === 'occurrences' || (target !== undefined && plainDecimal(target) === target)
      ? {}
      : { [annotation.sliceTarget]: target ?? 'objective' };
  const json = (key: string, value: unknown) => (value === undefined ? {} : { [key]: JSON.stringify(value) });
  return {
    ...(plainDecimal(slo.objective) === slo.objective ? {} : { [annotation.objective]: slo.objective }),
    ...sliceTarget,
    // Series that stand as written are what the queries say; anything else is kept beside them.
    ...(asWritten
      ? {}
      : {
          [annotation.indicator]: JSON.stringify(indicator),
          [annotation.scope]: scope,
          [annotation.queries]: queriesDigest(spec),
          ...json(annotation.clientErrors, form.clientErrors),
        }),
    ...json(annotation.environments, form.environments),
    ...json(annotation.groupBy, form.groupBy),
    ...json(annotation.minFailures, form.minFailures),
    ...(form.maintenance === undefined ? {} : { [annotation.maintenance]: form.maintenance }),
    ...json(annotation.exclusions, form.exclusions),
  };
}
