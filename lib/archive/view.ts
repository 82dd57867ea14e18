import 'server-only';
import { z } from 'zod';
import { checkOfRow } from '@/lib/backup/check-row';
import type { ScheduleView } from '@/lib/backup/contract';
import { missedRuns } from '@/lib/backup/missed';
import { copyCauses } from '@/lib/backup/model';
import type { Archives as ArchivesConfig } from '@/lib/config/database';
import type { Config } from '@/lib/config/schema';
import { type CronSchedule, nextMoments, scheduleWords } from '@/lib/core/cron';
import { formatDuration } from '@/lib/core/duration';
import { OpsError } from '@/lib/core/errors';
import { type Database, database as sharedDatabase } from '@/lib/db/client';
import { databaseNow } from '@/lib/db/transaction';
import type { Archive as ArchiveRow } from '@/prisma/generated/client';
import type { ArchiveDetail, ArchiveSeries, Archives, ArchiveView } from './contract';
import { Manifest } from './manifest';
import { type ArchiveKind, archiveKinds, archiveStates, archiveSubject } from './model';
import { isSpoilt, latestLooks, type StoredLatest } from './store';

/** Runs of two days of hours, so that a failed one is among them. */
const LOOKED_AT = 60;
const SHOWN = 60;
const NEXT_RUNS = 3;

const scheduleView = (schedule: CronSchedule, now: Date): ScheduleView => ({
  cron: schedule.cron,
  timeZone: schedule.timeZone,
  words: scheduleWords(schedule),
  next: nextMoments(schedule, now, NEXT_RUNS).map((at) => at.toISOString()),
});

/** How the archives stand; without `archives` in signalbox.yaml there are none. */
export async function archivesView(config: Config, db: Database = sharedDatabase()): Promise<Archives> {
  const { archives } = config;
  if (archives === undefined) return { folder: null, series: [] };
  const now = await databaseNow(db);
  const series = archiveKinds.map((kind) => seriesView(archives, { kind, db, now }));
  return { folder: archives.folder, series: await Promise.all(series) };
}

const keepsText = (kind: ArchiveKind, { configuration }: ArchivesConfig): string =>
  kind === 'audit'
    ? 'for good: each is a link of one chain'
    : `until another one has been in its place for ${formatDuration(configuration.keep)}`;

type Asked = { kind: ArchiveKind; db: Database; now: Date };

async function seriesView(archives: ArchivesConfig, { kind, db, now }: Asked): Promise<ArchiveSeries> {
  const { cron, timeZone } = archives[kind];
  const schedule = { cron, timeZone };
  const ofKind = { kind, folder: archives.folder };
  const order = { startedAt: 'desc' } as const;
  const [runs, lastGood, files, total, started] = await Promise.all([
    db.archive.findMany({ where: { kind }, orderBy: order, take: LOOKED_AT }),
    // Also behind more failed runs than are looked at.
    db.archive.findFirst({ where: { kind, state: { in: ['kept', 'unchanged'] } }, orderBy: order }),
    db.archive.findMany({
      where: { ...ofKind, state: { in: ['kept', 'failed'] } },
      orderBy: order,
      take: SHOWN,
    }),
    db.archive.aggregate({
      where: { ...ofKind, state: 'kept' },
      _count: true,
      _sum: { bytes: true, entries: true },
    }),
    db.backupSchedule.findUnique({ where: { databaseId: archiveSubject(kind) } }),
  ]);
  const newestRow = files.find(({ state }) => state === 'kept');
  const latest = await latestLooks(
    db,
    files.map(({ id }) => id),
  );
  const views = runs.map((row) => archiveView(row, latest.get(row.id) ?? []));
  const shown = files.map((row) => archiveView(row, latest.get(row.id) ?? []));
  const good = lastGood === null ? [] : [archiveView(lastGood, [])];
  const isSame = started?.cron === cron && started?.timeZone === timeZone;
  return {
    kind,
    schedule: scheduleView(schedule, now),
    keeps: keepsText(kind, archives),
    newest: shown.find(({ id }) => id === newestRow?.id) ?? null,
    confirmedAt: good[0]?.finishedAt ?? null,
    lastRun: views.find(({ state }) => state !== 'running') ?? null,
    running: views.find(({ state }) => state === 'running') ?? null,
    missed: missedRuns(schedule, {
      since: isSame ? started.since : now,
      copies: [...views, ...good],
      now,
    }),
    kept: total._count,
    entries: Number(total._sum.entries ?? 0n),
    bytes: Number(total._sum.bytes ?? 0n),
    archives: shown,
  };
}

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** The lowest level that was looked at and does not stand says what is the matter. */
const findingOf = (latest: readonly StoredLatest[]): string | null =>
  latest.toSorted((left, right) => left.level - right.level).find(({ result }) => result !== 'passed')
    ?.sentence ?? null;

function archiveView(row: ArchiveRow, latest: readonly StoredLatest[]): ArchiveView {
  const content = row.content === null ? null : Manifest.parse(row.content);
  const log = content?.kind === 'audit' ? content : null;
  return {
    id: row.id,
    kind: z.enum(archiveKinds).parse(row.kind),
    cause: z.enum(copyCauses).parse(row.cause),
    state: z.enum(archiveStates).parse(row.state),
    object: row.object,
    slotAt: iso(row.slotAt),
    missedSlots: row.missedSlots,
    startedAt: row.startedAt.toISOString(),
    finishedAt: iso(row.finishedAt),
    bytes: row.bytes === null ? null : Number(row.bytes),
    sha256: row.sha256,
    entries: row.entries === null ? null : Number(row.entries),
    first: log?.first ?? null,
    last: log?.last ?? null,
    level: row.level,
    isSpoilt: isSpoilt(latest),
    finding: findingOf(latest),
    error: row.error,
    sameAs: row.sameAs,
  };
}

/** One archive with all looks at it. Throws OpsError `not-found`. */
export async function archiveDetail(id: string, db: Database = sharedDatabase()): Promise<ArchiveDetail> {
  const row = await db.archive.findUnique({
    where: { id },
    include: { checks: { orderBy: { id: 'desc' }, take: 200 } },
  });
  if (row === null) {
    throw new OpsError('not-found', 'There is no such archive.', { next: 'Look at the list of archives.' });
  }
  const content = row.content === null ? null : Manifest.parse(row.content);
  const configuration = content?.kind === 'configuration' ? content : null;
  return {
    ...archiveView(row, (await latestLooks(db, [id])).get(id) ?? []),
    program: content?.program ?? null,
    files: configuration?.files ?? [],
    secrets: configuration?.secrets ?? [],
    checks: row.checks.map(checkOfRow),
  };
}
