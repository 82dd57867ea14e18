import 'server-only';
import type { Config } from '@/lib/config/schema';
import { timeSlices } from '@/lib/config/slo';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { BACKGROUND_MAX_SECONDS } from '../ledger/background';
import { horizonSeconds } from '../ledger/model';
import { readClaims } from '../ledger/read-claims';
import { readExcluded } from '../ledger/read-exclusions';
import { clip, overlaps, type Span } from '../ledger/spans';
import { sliceTargetOf } from '../math/slices';
import type { Bounds } from '../math/window';
import type { ReportDocument, ReportLine } from './contract';
import { inForce } from './in-force';
import { type Head, lineOf } from './line';
import { methodSentences, methodVersion } from './method';
import { monthBounds } from './month';
import { type Definition, readDefinitions } from './read-definitions';
import { readGroups, sumGroups } from './read-groups';
import { summaryOf } from './summary';

const down = (time: number, size: number): number => Math.floor(time / size) * size;

/** The zone in which an objective has its months: that of its calendar window, else that of the reports. */
export const zoneOf = (config: Config, { slo }: Definition): string =>
  slo.window.kind === 'calendar' ? slo.window.zone : config.reports.timeZone;

/** The moment up to which is counted: the newest whole 5 minutes that were read, or the end of the month. */
export const countedUntil = ({ from, to }: Bounds, now: number): number =>
  Math.max(from, Math.min(to, down(now - 60, 300)));

export type Part = { definition: Definition; month: Bounds; zone: string; spans: Span[]; isEarlier: boolean };

/** The definitions that counted in a month, with the parts of it that are theirs. */
export function partsOf(config: Config, definitions: readonly Definition[], month: string): Part[] {
  const parts: Part[] = [];
  for (const all of Map.groupBy(definitions, ({ slo }) => slo.id).values()) {
    for (const definition of all) {
      const zone = zoneOf(config, definition);
      const bounds = monthBounds(month, zone);
      const spans = inForce(all, bounds).get(definition.id);
      const isEarlier = definition.retired !== null && all.some(({ retired }) => retired === null);
      if (spans !== undefined) parts.push({ definition, month: bounds, zone, spans, isEarlier });
    }
  }
  return parts;
}

function headOf(config: Config, { definition, zone, isEarlier }: Part): Head {
  const { slo, hash } = definition;
  const service = config.services.find(({ id }) => id === slo.service);
  const slices = timeSlices(slo);
  return {
    objective: slo.id,
    definition: hash.slice(0, 12),
    isEarlier,
    name: slo.name,
    service: slo.service,
    serviceName: service?.name ?? slo.service,
    owner: service?.owner ?? null,
    target: slo.objective,
    unit: slices === null ? 'events' : 'slices',
    sliceSeconds: slices?.seconds ?? null,
    zone,
  };
}

type Asked = { config: Config; environment: string; now: number };

async function readLine(db: DatabaseOrTransaction, asked: Asked, part: Part): Promise<ReportLine> {
  const { config, environment, now } = asked;
  const { definition, month, spans } = part;
  const { slo, groups } = definition;
  const until = countedUntil(month, now);
  const window = { from: month.from, to: until };
  const { claims, said } = await readClaims(db, config, {
    slo,
    environment,
    span: window,
    now,
    horizon: horizonSeconds.usual,
  });
  const begins = claims.filter((claim) => overlaps(claim, window)).map(({ from }) => from);
  const span = { from: Math.min(window.from, ...begins) - BACKGROUND_MAX_SECONDS, to: until };
  const excluded = await readExcluded(db, slo, environment, { span, window });
  const label = config.services.find(({ id }) => id === slo.service)?.metrics.labels.region ?? null;
  // A probe was judged in slices when it was recorded.
  const slices = definition.isProbe ? null : timeSlices(slo);
  const isPlain = begins.length === 0 && excluded.spans.length === 0 && slices === null;
  return lineOf({
    head: headOf(config, part),
    month,
    until,
    spans,
    groups: isPlain
      ? await sumGroups(db, groups, clip(spans, window))
      : await readGroups(db, groups, { span, now, claims, label }),
    slices: slices === null ? null : { seconds: slices.seconds, target: sliceTargetOf(slices.target) },
    excluded: excluded.spans,
    exclusions: excluded.rows
      .filter(({ secondsInWindow, voided }) => secondsInWindow > 0 && voided === null)
      .map(({ reason, by, secondsInWindow }) => ({ reason, by, seconds: secondsInWindow })),
    said,
    minFailures: slo.minFailures,
    maintenance: slo.maintenance,
    firstSeen: definition.firstSeen,
    retired: definition.retired,
  });
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
const leftOf = ({ spent }: ReportLine): number => -(spent?.share ?? 0);

/** What was not met first, then what cannot be judged, then by what was spent. */
const byUrgency = (a: ReportLine, b: ReportLine): number =>
  rank(a) - rank(b) ||
  leftOf(a) - leftOf(b) ||
  a.name.localeCompare(b.name) ||
  Number(a.isEarlier) - Number(b.isEarlier) ||
  a.definition.localeCompare(b.definition);
const rank = ({ isMet }: ReportLine): number => (isMet === false ? 0 : isMet === null ? 1 : 2);

export type ReportAsk = Asked & { month: string; missing?: readonly string[] };

/**
 * The report of a month from what is recorded. Objectives are read one after the other, since the buckets of a month
 * of all of them would not fit into memory. The same counts and the same ledger give the same document.
 */
export async function readReport(
  db: DatabaseOrTransaction,
  { month, missing = [], ...asked }: ReportAsk,
  definitions?: readonly Definition[],
): Promise<ReportDocument> {
  const { config, environment, now } = asked;
  const parts = partsOf(config, definitions ?? (await readDefinitions(db, config, environment)), month);
  const lines: ReportLine[] = [];
  for (const part of parts) lines.push(await readLine(db, asked, part));
  lines.sort(byUrgency);
  const { timeZone } = config.reports;
  const bounds = monthBounds(month, timeZone);
  const until = countedUntil(bounds, now);
  const told = { month, environment, timeZone, lines, missing: [...missing] };
  return {
    version: 1,
    ...told,
    from: iso(bounds.from),
    to: iso(bounds.to),
    until: iso(until),
    summary: summaryOf({ ...told, soFar: until < bounds.to ? until : null }),
    method: { version: methodVersion, sentences: [...methodSentences] },
  };
}
