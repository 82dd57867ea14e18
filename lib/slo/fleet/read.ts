import 'server-only';
import type { Config } from '@/lib/config/schema';
import { type Slo, timeSlices } from '@/lib/config/slo';
import { monotonicMs, sleep } from '@/lib/core/time';
import { type DatabaseOrTransaction, databaseNow } from '@/lib/db/transaction';
import { serviceOf } from '@/lib/service/placements';
import { definitionHash, environmentsOf } from '../define/indicator';
import { readExcluded } from '../ledger/read-exclusions';
import type { Span } from '../ledger/spans';
import { burnSpans } from '../math/burn';
import { emptyTally, type Tally } from '../math/counts';
import { sliceTargetOf } from '../math/slices';
import { windowBounds } from '../math/window';
import { type Group, listGroups, type Progress, readProgress, readSums } from '../record/store';
import type { HourStore } from './hours';
import { knownFromBuckets, knownFromSums } from './measure';
import { type Draft, tailFrom } from './measured';
import { pauseBetween } from './pause';
import { warmRows } from './row';
import { readRuns } from './runs';
import type { FleetState, Known } from './state';
import { isClear, type Lens, type Recorded, recordedOf, tallyOfSums, throughLens } from './tallies';

const hour = 3600;
/** Sums are asked for in so many queries at a time. */
const queriesAtOnce = 3;
/** The first reading waits for the hours of the past for so long; what takes longer comes with a later one. */
const firstHoursMs = 1500;
/** Objectives that were read within so many seconds of the newest are shown as of one moment. */
const together = 120;
/** Objectives that hold in an environment. */
export const slosIn = (config: Config, environment: string): Slo[] =>
  config.slos.filter((slo) => environmentsOf(serviceOf(config, slo.service), slo).includes(environment));

const minute = (at: number): number => Math.floor(at / 60) * 60;

/** The moment that figures stand for: the end of what was read, one for all that were read about now. */
export function momentsOf(recorded: readonly (number | null)[], now: number): number[] {
  const known = recorded.filter((until) => until !== null);
  const newest = Math.min(now, Math.max(...known));
  const common = Math.min(newest, ...known.filter((until) => until >= newest - together));
  return recorded.map((until) =>
    until === null ? minute(now) : minute(until >= newest - together ? common : until),
  );
}

/** How an objective looks at its buckets. A probe was judged in slices when it was recorded. */
export function lensOf(
  slo: Pick<Slo, 'method' | 'objective' | 'indicator'>,
  excluded: readonly Span[],
): Lens {
  const slices = timeSlices(slo);
  const isProbe = slo.indicator !== 'availability' && slo.indicator.kind === 'probe';
  return {
    excluded,
    slices:
      slices === null || isProbe ? null : { seconds: slices.seconds, target: sliceTargetOf(slices.target) },
  };
}

async function exclusionsOf(
  db: DatabaseOrTransaction,
  slo: Slo,
  environment: string,
  written: ReadonlySet<string>,
  window: Span,
): Promise<{ spans: Span[]; seconds: number; count: number }> {
  const none = slo.exclusions.length === 0 && slo.maintenance === 'counts' && !written.has(slo.id);
  if (none) return { spans: [], seconds: 0, count: 0 };
  const span = { from: Math.min(window.from, window.to - 4 * 86_400), to: window.to };
  const { spans, rows } = await readExcluded(db, slo, environment, { span, window });
  const inside = spans.map(({ from, to }) =>
    Math.max(0, Math.min(to, window.to) - Math.max(from, window.from)),
  );
  const count = rows.filter(({ voided }) => voided === null).length;
  return { spans, seconds: inside.reduce((sum, seconds) => sum + seconds, 0), count };
}

/** The configuration does not change while a process runs: a definition is hashed once. */
const hashes = new WeakMap<Slo, Map<string, string>>();

function hashOf(config: Config, slo: Slo, environment: string): string {
  const known = hashes.get(slo) ?? new Map<string, string>();
  hashes.set(slo, known);
  const before = known.get(environment);
  if (before !== undefined) return before;
  const hash = definitionHash(serviceOf(config, slo.service), slo, environment);
  known.set(environment, hash);
  return hash;
}

/** What of the past was filled in: where it changes, the past is read again. */
const hourStampOf = (progress: Progress | null): string =>
  `${progress?.backfilledFrom}/${JSON.stringify(progress?.gaps)}`;

/** The objectives with what is recorded of each, before anything is summed. */
export async function draftsOf(
  db: DatabaseOrTransaction,
  config: Config,
  environment: string,
  read: { groups: readonly Group[]; progress: readonly Progress[]; now: number },
  wanted: readonly Slo[],
): Promise<Draft[]> {
  const slos = wanted.map((slo) => {
    const hash = hashOf(config, slo, environment);
    const progress = read.progress.find((one) => one.slo === slo.id && one.hash === hash) ?? null;
    const found = read.groups.filter((group) => group.definitionId === progress?.definitionId);
    return { slo, progress, found };
  });
  const moments = momentsOf(
    slos.map(({ progress }) => progress?.recordedUntil ?? null),
    read.now,
  );
  const rows = await db.sloExclusion.groupBy({ by: ['slo'], where: { environment } });
  const written = new Set(rows.map(({ slo }) => slo));
  const drafts: Draft[] = [];
  for (const [index, { slo, progress, found }] of slos.entries()) {
    const to = moments[index] ?? minute(read.now);
    const bounds = windowBounds(slo.window, to);
    const { spans, ...exclusions } = await exclusionsOf(db, slo, environment, written, bounds);
    const stamp = JSON.stringify([
      to,
      progress?.hash,
      hourStampOf(progress),
      spans,
      found.map(({ groupId }) => groupId),
    ]);
    drafts.push({ stamp, slo, progress, found, to, bounds, lens: lensOf(slo, spans), exclusions });
  }
  return drafts;
}

/** Sums of spans by group and start, each span read in one query for all groups that end at one moment. */
export async function readSpans(
  db: DatabaseOrTransaction,
  drafts: readonly Draft[],
): Promise<(groupId: number, from: number, to: number) => Tally> {
  const wanted = new Map<string, { from: number; to: number; ids: number[] }>();
  for (const { to, bounds, found } of drafts) {
    for (const from of new Set([bounds.from, tailFrom(to), ...burnSpans.map((seconds) => to - seconds)])) {
      const key = `${from} ${to}`;
      const one = wanted.get(key) ?? { from, to, ids: [] };
      one.ids.push(...found.map(({ groupId }) => groupId));
      wanted.set(key, one);
    }
  }
  const sums = new Map<string, Tally>();
  const left = [...wanted.values()].filter(({ ids }) => ids.length > 0);
  const work = async () => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) {
      const { from, to, ids } = one;
      for (const [id, found] of await readSums(db, ids, from, to)) {
        sums.set(`${id} ${from} ${to}`, tallyOfSums(found));
      }
    }
  };
  await Promise.all(Array.from({ length: queriesAtOnce }, work));
  return (id, from, to) => sums.get(`${id} ${from} ${to}`) ?? emptyTally(to - from);
}

/** How far back the strips of the overview reach. */
export const stripSeconds = 6 * hour;

/** The last hours of each service's first objective: the one that its row shows. */
async function readRecent(
  db: DatabaseOrTransaction,
  all: readonly Known[],
  now: number,
): Promise<Map<number, Recorded>> {
  const shown = all.filter(
    ({ slo }, index) => all.findIndex((one) => one.slo.service === slo.service) === index,
  );
  const recent = new Map<number, Recorded>();
  for (const [to, known] of Map.groupBy(shown, (one) => one.to)) {
    const lensOf = new Map(
      known.flatMap(({ groups, lens }) => groups.map(({ groupId }) => [groupId, lens] as const)),
    );
    const runs = await readRuns(db, [...lensOf.keys()], { from: to - stripSeconds - 600, to }, { now });
    for (const [id, read] of runs) {
      const lens = lensOf.get(id);
      if (lens !== undefined) recent.set(id, recordedOf(read.map((run) => throughLens(run, lens))));
    }
  }
  return recent;
}

/** Keeps the hours of the past up to date; those of many objectives are read in the background. */
async function fillHours(
  db: DatabaseOrTransaction,
  drafts: readonly Draft[],
  store: HourStore,
): Promise<void> {
  const wanted = drafts.flatMap(({ found, bounds, progress }) =>
    found.map(({ groupId }) => ({ groupId, from: bounds.from, stamp: hourStampOf(progress) })),
  );
  const filling = store.fill(db, wanted, tailFrom(Math.max(0, ...drafts.map(({ to }) => to))));
  // What fails after the wait is tried again with the next reading, which reports it.
  filling.catch(() => undefined);
  await Promise.race([filling, sleep(firstHoursMs)]);
}

/**
 * Reads what is recorded of every objective of an environment; no source but the database is asked. Figures stand
 * for whole minutes, so those of an objective of which nothing new is known are taken from `previous`.
 */
export async function readFleet(
  db: DatabaseOrTransaction,
  config: Config,
  environment: string,
  store: HourStore,
  previous?: FleetState,
): Promise<FleetState> {
  const now = (await databaseNow(db)).getTime() / 1000;
  const [groups, progress] = await Promise.all([listGroups(db, environment), readProgress(db, environment)]);
  const drafts = await draftsOf(
    db,
    config,
    environment,
    { groups, progress, now },
    slosIn(config, environment),
  );
  const clear = drafts.filter(({ lens }) => isClear(lens));
  await fillHours(db, clear, store);
  const before = new Map(previous?.known.map((known) => [known.stamp, known]));
  const stamped = drafts.map((draft) => {
    const ids = draft.found.map(({ groupId }) => groupId);
    const hasHours = !isClear(draft.lens) || store.has(ids, hourStampOf(draft.progress));
    return { ...draft, stamp: `${draft.slo.id} ${hasHours} ${draft.stamp}` };
  });
  const due = stamped.filter(({ stamp }) => !before.has(stamp));
  const tally = await readSpans(
    db,
    due.filter(({ lens }) => isClear(lens)),
  );
  const known: Known[] = [];
  for (const draft of stamped) {
    const same = before.get(draft.stamp);
    if (same !== undefined) known.push({ ...same, progress: draft.progress });
    else if (isClear(draft.lens)) {
      known.push(knownFromSums(draft, tally, { store, hourStamp: hourStampOf(draft.progress) }));
    } else known.push(await knownFromBuckets(db, draft, now));
  }
  const recent =
    due.length === 0 && previous !== undefined ? previous.recent : await readRecent(db, known, now);
  await warmRows(known, pauseBetween());
  return { environment, known, groups, progress, recent, at: now, readAtMs: monotonicMs(), failure: null };
}
