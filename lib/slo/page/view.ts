import 'server-only';
import { type Caller, can } from '@/lib/access/model';
import type { Config } from '@/lib/config/schema';
import { messageOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { paths } from '@/lib/core/paths';
import { readingValue } from '@/lib/core/reading';
import { type Database, database } from '@/lib/db/client';
import type { LastChange } from '../contract';
import { freshnessOf, readingOfKnown } from '../fleet/age';
import { judgeSlo } from '../fleet/figures';
import { clockOf, fleetPoll } from '../fleet/poll';
import { fleetRow } from '../fleet/row';
import type { FleetState, Known } from '../fleet/state';
import { isClear, type Recorded, recordedOf, throughLens } from '../fleet/tallies';
import type { LedgerLine, LedgerView } from '../ledger/contract';
import { type AlreadyKnown, ledgerView } from '../ledger/view';
import { type CountsProblem, invalidBuckets } from '../math/counts';
import { windowSeconds } from '../math/window';
import type { Marker, SloData, SloPage } from './contract';
import { sloDataOf } from './data';
import { definitionOf, earlierDefinitions } from './definition';
import { knownAs, knownOf, type Look } from './known';
import { type PageBuckets, type PageSpan, readPageBuckets } from './read';
import { stepOf } from './series';
import { sentenceOf } from './words';

export type PageAsk = Look & { slo: string; environment?: string | undefined };
type Reader = Pick<Caller, 'roles'>;

const problemWords: Record<CountsProblem, string> = {
  'not-finite': 'a count that is no number',
  negative: 'a counter went below zero',
  'bad-above-total': 'more failures than events',
  'good-above-total': 'more good ones than events',
  'parts-differ': 'good and bad together are not all events',
};

/** How many impossible buckets are named one by one. */
const mostNamed = 20;

type Read = { recorded: Recorded[]; invalid: SloData['invalid'] };

/** From two windows back, so that the rolling line has a whole window behind its first point. */
function spanOf({ slo, bounds, to, lens }: Known, now: number): PageSpan {
  const seconds = windowSeconds(slo.window, to);
  const from = Math.min(bounds.from, to - 2 * seconds);
  // What is drawn of the window before stands on whole steps; slices and exclusions need what is finer.
  const isCoarse = isClear(lens) && stepOf(seconds) % 3600 === 0;
  return {
    from,
    to,
    hoursUntil: isCoarse ? Math.max(from, Math.min(bounds.from, to - seconds) - settledSeconds) : from,
    minutesFrom: lens.slices?.seconds === 60 ? from : Math.floor(to / 300) * 300 - 900,
    now,
  };
}

/** The longest rule looks back three days, and a day of background stands before the first claim of the ledger. */
const settledSeconds = 4 * 86_400;

function recordedIn({ runs }: PageBuckets, { bounds, lens }: Known): Read {
  const problems = [...runs.values()].flat().flatMap(({ buckets }) => invalidBuckets(buckets));
  return {
    recorded: [...runs.values()].map((all) => recordedOf(all.map((run) => throughLens(run, lens)))),
    invalid: problems
      .filter(({ end }) => end > bounds.from)
      .slice(-mostNamed)
      .map(({ end, problem }) => ({ at: end, words: problemWords[problem] })),
  };
}

function lastChangeOf(lines: readonly LedgerLine[]): LastChange | null {
  const [line] = lines
    .filter(({ change, cause }) => change !== null && cause === 'change')
    .toSorted((a, b) => b.from.localeCompare(a.from));
  if (line === undefined || line.change === null) return null;
  return {
    id: line.change,
    title: line.title,
    by: line.by,
    at: line.at,
    failed: line.net.failed,
    low: line.low.failed,
    high: line.high.failed,
    share: line.net.share,
    isShared: line.sharedWith.length > 0,
  };
}

const markerOf = (line: LedgerLine): Marker => ({
  id: line.id,
  cause: line.cause,
  title: line.title,
  regions: line.regions,
  from: Date.parse(line.from) / 1000,
  to: line.end === 'running' ? null : Date.parse(line.to) / 1000,
  href: line.change === null ? line.link : paths.change(line.change),
});

/** The ledger, or nothing while the database does not answer: what was read before stays on the page without it. */
async function readLedger(
  db: Database,
  config: Config,
  { slo, environment, exclusions }: PageAsk & { environment: string },
  reader: Caller,
  known: AlreadyKnown,
): Promise<LedgerView | null> {
  const applied = exclusions === 'on' ? ('applied' as const) : ('ignored' as const);
  const ask = { slo, environment, exclusions: applied, horizonHours: 4 };
  return ledgerView(config, ask, reader, db, known).catch((error: unknown) => {
    logger('web').error({ slo, environment, error: messageOf(error) }, 'the ledger could not be read');
    return null;
  });
}

type Now = { config: Config; state: FleetState; known: Known; ask: PageAsk };

async function readPage({ config, state, known, ask }: Now, reader: Caller, db: Database): Promise<SloPage> {
  const { environment } = state;
  const { slo } = known;
  const seen = await knownAs(db, known, ask, state.at);
  const now = clockOf(state);
  const ids = seen.groups.map(({ groupId }) => groupId);
  const buckets = readPageBuckets(db, ids, spanOf(seen, now));
  const already: AlreadyKnown = {
    now,
    groups: state.groups.filter(({ groupId }) => ids.includes(groupId)),
    cellsFrom: async (from) => (await buckets).cellsFrom(from),
  };
  const [read, ledger, earlier] = await Promise.all([
    buckets.then((found) => recordedIn(found, seen)),
    readLedger(db, config, { ...ask, environment }, reader, already),
    earlierDefinitions(db, config, slo, state),
  ]);
  const page = pageOf({ config, state, known: seen, ask }, { ...read, ledger, earlier });
  if (ask.group === undefined) return page;
  // Of one group everything is its own; the table still tells of its neighbours.
  const { groups } = fleetRow(config, known, { state, now, lastChange: null });
  return { ...page, row: { ...page.row, groups } };
}

type Found = Read & Pick<SloPage, 'ledger' | 'earlier'>;

function pageOf({ config, state, known, ask }: Now, { ledger, earlier, ...read }: Found): SloPage {
  const now = clockOf(state);
  const priced = lastChangeOf(ledger?.lines ?? []);
  // The ledger counts events: of a budget of slices they are no share.
  const lastChange = priced === null || known.lens.slices === null ? priced : { ...priced, share: null };
  const definition = definitionOf(config, known.slo, state.environment, state);
  const judged = judgeSlo(known, known.whole);
  const row = fleetRow(config, known, { state, now, lastChange });
  const queries = definition.queries.map(({ promql }) => promql);
  const data = sloDataOf({ known, judged, ...read, lastChange, queries });
  return {
    row,
    group: ask.group ?? null,
    sentence: sentenceOf(row.word, judged),
    definition,
    earlier,
    data: readingOfKnown(known, state, now, data),
    exclusions: { applied: ask.exclusions === 'on', ...known.exclusions },
    markers: (ledger?.lines ?? []).map(markerOf),
    ledger,
    gaps: known.progress?.gaps ?? [],
    freshness: freshnessOf(state, [known], now),
  };
}

/** The page as it was read last, while the database does not answer: what is shown stays, and says its age. */
async function pageMeanwhile(now: Now, before: Promise<SloPage> | undefined): Promise<SloPage> {
  const page = pageOf(now, { recorded: [], invalid: [], ledger: null, earlier: [] });
  const last = await before?.catch(() => undefined);
  const data = last === undefined ? null : readingValue(last.data);
  if (last === undefined || data === null) return page;
  const { row, freshness } = page;
  const lastChange = last.row.lastChange;
  return {
    ...last,
    row: { ...row, lastChange },
    sentence: page.sentence,
    data: page.data.state === 'missing' ? page.data : { ...page.data, value: data },
    freshness,
  };
}

type Kept = { version: number; page: Promise<SloPage> };
declare global {
  var signalboxSloPages: Map<string, Kept> | undefined;
}

/** Pages kept in memory: those of this many objectives that were looked at last. */
const mostPages = 200;

/**
 * One objective with its charts, groups and ledger; read once per reading of the fleet, however many look at it.
 * Throws OpsError `not-found`.
 */
export async function sloPageView(
  config: Config,
  ask: PageAsk,
  reader: Caller,
  db: () => Database = database,
): Promise<SloPage> {
  const { state, known, environment } = await knownOf(config, ask);
  const { slo } = known;
  const { version } = fleetPoll(config, environment);
  globalThis.signalboxSloPages ??= new Map();
  const pages = globalThis.signalboxSloPages;
  const key = `${environment} ${slo.id} ${ask.exclusions} ${ask.group ?? ''}`;
  let kept = pages.get(key);
  if (kept === undefined || kept.version !== version) {
    const now = { config, state, known, ask };
    const page = state.failure === null ? readPage(now, reader, db()) : pageMeanwhile(now, kept?.page);
    kept = { version, page };
    pages.delete(key);
    pages.set(key, kept);
    // A page that failed is asked for again.
    page.catch(() => pages.delete(key));
    const [oldest] = pages.keys();
    if (pages.size > mostPages && oldest !== undefined) pages.delete(oldest);
  }
  return forReader(await kept.page, reader);
}

/** What differs between readers: what they may write. */
const forReader = (page: SloPage, reader: Reader): SloPage =>
  page.ledger === null
    ? page
    : {
        ...page,
        ledger: {
          ...page.ledger,
          mayAdd: can(reader, 'slo.account'),
          mayExclude: can(reader, 'slo.exclude'),
        },
      };
