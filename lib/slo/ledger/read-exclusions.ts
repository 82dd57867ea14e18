import 'server-only';
import type { Slo } from '@/lib/config/slo';
import type { SloExclusion } from '@/lib/config/slo-exclusion';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import type { ExclusionRow } from './contract';
import { excludedSpans, spansOf } from './exclusion-times';
import { type Span, totalLength } from './spans';
import { exclusionOf, readEntries, readExclusions, toExclusion, whenOf } from './store';

/** What an objective does not count in a span, and why, for the toggle of the page. */
export type Excluded = { spans: Span[]; rows: ExclusionRow[] };

/**
 * Exclusions of signalbox.yaml, those that people wrote, and planned maintenance where the objective excludes it.
 * Voided ones stay in the rows and take nothing away. The rows say what they take out of `window`, or of the span.
 */
export async function readExcluded(
  db: DatabaseOrTransaction,
  slo: Pick<Slo, 'id' | 'maintenance' | 'exclusions'>,
  environment: string,
  { span, window = span }: { span: Span; window?: Span },
): Promise<Excluded> {
  const scope = { slo: slo.id, environment };
  const [records, entries] = await Promise.all([
    readExclusions(db, scope),
    slo.maintenance === 'excluded' ? readEntries(db, scope, span) : [],
  ]);
  const inWindow = (exclusion: SloExclusion) => totalLength(spansOf(exclusion, window));
  const written = records.map((record) => ({ record, exclusion: exclusionOf(record) }));
  const valid = written.filter(({ record }) => record.voidedAt === null).map(({ exclusion }) => exclusion);
  const maintenance = entries
    .filter(({ cause, voided }) => cause === 'maintenance' && voided === null)
    .map(({ from, to }) => ({ from: Date.parse(from) / 1000, to: Date.parse(to) / 1000 }));
  return {
    spans: excludedSpans(
      [
        ...slo.exclusions,
        ...valid,
        ...maintenance.map((one) => ({ kind: 'once' as const, reason: '', ...one })),
      ],
      span.from,
      span.to,
    ),
    rows: [
      ...slo.exclusions.map((exclusion) => ({
        id: null,
        reason: exclusion.reason,
        when: whenOf(exclusion),
        by: null,
        createdAt: null,
        voided: null,
        secondsInWindow: inWindow(exclusion),
      })),
      ...written.map(({ record, exclusion }) => ({
        ...toExclusion(record),
        secondsInWindow: record.voidedAt === null ? inWindow(exclusion) : 0,
      })),
    ],
  };
}
