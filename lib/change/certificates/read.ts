import 'server-only';
import { type CertificateSeries, certificatesOf } from '@/lib/config/certificates';
import type { Matcher, Placement, Service } from '@/lib/config/service';
import type { PrometheusSource } from '@/lib/config/sources';
import { queryInstant, type VectorSeries } from '@/lib/sources/prometheus/client';
import {
  addLabel,
  type Expr,
  either,
  equals,
  type Selector,
  selector,
  takenAt,
  vector,
} from '@/lib/sources/prometheus/queries';
import type { Certificate } from './judge';

const partLabel = 'signalbox_part';
const parts = ['ends', 'taken', 'subject'] as const;
type Part = (typeof parts)[number];

export type Where = { service: Service; environment: string; placement: Placement };

/** The last second of the year 9999: beyond lie milliseconds that somebody took for seconds. */
const LAST_SECOND = 253_402_300_799;

/** Certificates of a service in one region, each once. One query, so all is of one moment. Throws SourceError. */
export async function readCertificates(
  source: PrometheusSource,
  where: Where,
  signal?: AbortSignal,
): Promise<Certificate[]> {
  const { expiry } = certificatesOf(where.service);
  if (expiry.length === 0) return [];
  const { series } = await queryInstant(source, certificatesQuery(where), { signal });
  const found = expiry.flatMap((entry, index) => foundOf(series, entry, index, where));
  return [...new Map(found.map((one) => [`${one.name} ${one.endsAt} ${one.sharedIn}`, one])).values()];
}

/** Ends, ages of samples and subjects in one question, each under its name and the place of its series. */
export function certificatesQuery(where: Where): Expr {
  return either(
    certificatesOf(where.service).expiry.flatMap((entry, index) =>
      selectorsOf(entry, entry, where).flatMap((of, n) => {
        const subject = entry.subject && selectorsOf(entry.subject, entry, where)[n];
        return [
          named(vector(of), 'ends', index),
          named(takenAt(of), 'taken', index),
          ...(subject === undefined ? [] : [named(vector(subject), 'subject', index)]),
        ];
      }),
    ),
  );
}

const named = (of: Expr, part: Part, index: number): Expr => addLabel(of, partLabel, `${part}${index}`);

/** A series that says nothing of a label is about all of them: a public host stands for every region. */
const ifNamed = (label: string, value: string): Matcher => ({ label, op: '=~', value: `${value}|` });

function selectorsOf(
  of: Pick<CertificateSeries, 'metric' | 'matchers'>,
  { scope }: CertificateSeries,
  { service, environment, placement }: Where,
): Selector[] {
  const { selector: own, labels } = service.metrics;
  const region = ifNamed(labels.region, placement.region);
  if (scope === 'written') return [selector(of)];
  if (scope === 'service') {
    return [selector(of, [...own, ifNamed(labels.environment, environment), region])];
  }
  // Where the scrape keeps its own `namespace`, Prometheus moves the one of the series aside.
  return [
    selector(of, [equals('exported_namespace', placement.namespace), region]),
    selector(of, [equals('namespace', placement.namespace), equals('exported_namespace', ''), region]),
  ];
}

function foundOf(
  series: readonly VectorSeries[],
  entry: CertificateSeries,
  index: number,
  { placement }: Where,
): Certificate[] {
  const of = (part: Part) => series.filter(({ labels }) => labels[partLabel] === `${part}${index}`);
  const [taken, subjects] = [of('taken'), of('subject')];
  return of('ends').map(({ labels, value, at }) => {
    const isSame = (other: VectorSeries) =>
      Object.entries(labels).every(
        ([label, text]) => label === '__name__' || label === partLabel || other.labels[label] === text,
      );
    return {
      name: labels[entry.name] ?? labels['instance'] ?? entry.metric,
      subject: subjects.find(isSame)?.labels['subject'] ?? null,
      endsAt: value > 0 && value <= LAST_SECOND ? value : null,
      takenAt: taken.find(isSame)?.value ?? null,
      at,
      sharedIn: entry.scope === 'namespace' ? placement.namespace : null,
    };
  });
}
