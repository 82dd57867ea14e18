import 'server-only';
import { z } from 'zod';
import { serviceTitle } from '@/lib/change/store';
import { parseChange, type StoredChange } from '@/lib/change/stored';
import type { Config } from '@/lib/config/schema';
import type { Slo } from '@/lib/config/slo';
import { dataKinds } from '@/lib/core/change-kind';
import { changeId, changeNumber } from '@/lib/core/ids';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { type Selecting, selectedRegions } from '../define/selected-regions';
import { noteOf } from './change-note';
import { type ChangeTimes, type Claim, changeClaimId, changeClaims, entryClaimId } from './claims';
import type { EntryRow, LedgerLine } from './contract';
import { horizonSeconds } from './model';
import { overlaps, type Span } from './spans';
import { readEntries } from './store';

/** What a line says of its claim beside the figures. */
export type Said = Pick<LedgerLine, 'cause' | 'title' | 'by' | 'at' | 'change' | 'link' | 'note'>;
export type Claims = { claims: Claim[]; said: Map<string, Said>; voided: EntryRow[] };

const unix = (at: Date): number => at.getTime() / 1000;

/** Changes of the service that were carried out and may still cost something in the span. */
async function readChanges(
  db: DatabaseOrTransaction,
  where: { service: string; environment: string },
  span: Span,
) {
  const records = await db.change.findMany({
    where: {
      ...where,
      kind: { notIn: [...dataKinds] },
      // A day before the first background: what was going on there must not serve as one.
      startedAt: { gt: new Date((span.from - 3 * horizonSeconds.most) * 1000), lt: new Date(span.to * 1000) },
    },
    orderBy: { startedAt: 'desc' },
    take: 1000,
  });
  return records.map(parseChange);
}

const Came = z.object({ number: z.int(), region: z.string(), at: z.number(), restored: z.boolean() });
type Came = z.infer<typeof Came>;

/** When changes over several regions wrote in each of them for the first time, and whether they put something back there. */
async function readCame(db: DatabaseOrTransaction, changes: readonly StoredChange[]): Promise<Came[]> {
  const numbers = changes.filter((change) => regionsOf(change).length > 1).map(({ number }) => number);
  if (numbers.length === 0) return [];
  const rows = await db.$queryRaw<unknown[]>`
    SELECT change_number AS number, split_part(target, '/', 1) AS region,
      extract(epoch FROM min(created_at))::float8 AS at, bool_or(verb = 'restore') AS restored
    FROM intent WHERE change_number = ANY(${numbers}::int[]) AND coalesce(result, 'applied') IN ('applied', 'adopted')
    GROUP BY 1, 2`;
  return z.array(Came).parse(rows);
}

const regionsOf = ({ plan, region }: StoredChange): readonly string[] => plan.staged?.regions ?? [region];

/**
 * The times of a change in each of its regions. In the first it begins when it is started, in the others with its first
 * write there: what fails before cannot be its doing. A region that was finished may be kept when a later one fails.
 */
function timesOf(change: StoredChange, came: readonly Came[]): ChangeTimes[] {
  const { number, startedAt, finishedAt, state, reverts, plan, outcome } = change;
  if (startedAt === null) return [];
  const mayKeep = plan.staged?.onFailure === 'keep-finished';
  return regionsOf(change).flatMap((region, index): ChangeTimes[] => {
    const there = came.find((one) => one.number === number && one.region === region);
    const begins = index === 0 ? unix(startedAt) : there?.at;
    if (begins === undefined) return [];
    // The end says it; of changes of earlier versions it is what was not put back.
    const isKept = outcome?.kept?.includes(region) ?? (mayKeep && there?.restored === false);
    return [
      {
        number,
        region,
        startedAt: begins,
        finishedAt: finishedAt === null ? null : unix(finishedAt),
        isUndone: state === 'BackedOut' && !isKept,
        reverts,
      },
    ];
  });
}

/** Twice the slowest scrape: until then a counter may still tell of what an undo has ended. */
const settleSeconds = (config: Config): number =>
  2 * Math.max(...config.sources.prometheus.map(({ scrapeInterval }) => scrapeInterval));

/**
 * Changes and entries that claim a part of what an objective spent in a span, those shortly before it too; where it
 * counts some regions alone, those of these regions.
 */
export async function readClaims(
  db: DatabaseOrTransaction,
  config: Config,
  { slo, environment, span, now, horizon }: Asked,
): Promise<Claims> {
  const [changes, entries] = await Promise.all([
    readChanges(db, { service: slo.service, environment }, span),
    readEntries(db, { slo: slo.id, environment }, { from: span.from - horizonSeconds.most, to: span.to }),
  ]);
  const came = await readCame(db, changes);
  const times = changes.flatMap((change) => timesOf(change, came));
  const selected = selectedRegions(config, slo);
  const isCounted = ({ regions }: Claim): boolean =>
    selected === null || regions === null || regions.some((region) => selected.includes(region));
  const valid = entries.filter(({ voided }) => voided === null);
  const said = new Map<string, Said>([
    ...changes.map(({ number, plan, requesterName, startedAt, createdAt, reason }): [string, Said] => [
      changeClaimId(number),
      {
        cause: 'change',
        title: serviceTitle(config, plan),
        by: requesterName,
        at: (startedAt ?? createdAt).toISOString(),
        change: changeId(number),
        link: null,
        note: noteOf(reason, plan),
      },
    ]),
    ...valid.map(({ id, cause, title, by, createdAt, change, link, note }): [string, Said] => [
      entryClaimId(id),
      { cause, title, by, at: createdAt, change, link, note },
    ]),
  ]);
  return {
    claims: [
      ...changeClaims(times, { now, horizon, settle: settleSeconds(config) }),
      ...valid.map(entryClaim),
    ].filter(isCounted),
    said,
    voided: entries.filter(
      ({ voided, from, to }) =>
        voided !== null && overlaps({ from: Date.parse(from) / 1000, to: Date.parse(to) / 1000 }, span),
    ),
  };
}

export type Asked = {
  slo: Pick<Slo, 'id'> & Selecting;
  environment: string;
  span: Span;
  now: number;
  horizon: number;
};

function entryClaim({ id, region, from, to, change }: EntryRow): Claim {
  const span = { from: Date.parse(from) / 1000, to: Date.parse(to) / 1000 };
  return {
    id: entryClaimId(id),
    regions: region === null ? null : [region],
    ...span,
    carriedOut: span,
    end: 'written',
    causedBy: change === null ? null : changeClaimId(changeNumber(change)),
  };
}
