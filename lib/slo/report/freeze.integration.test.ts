import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { canonicalJson } from '@/lib/audit/canonical';
import { databaseNow } from '@/lib/db/transaction';
import { addEntry } from '../ledger/add-entry';
import { MonthReport } from './contract';
import { monthBounds } from './month';
import { readReport } from './read-report';
import {
  badHour,
  closed,
  config,
  db,
  environment,
  failed,
  freeze,
  openReportWorld,
  people,
  progress,
  running,
  slo,
  staged,
} from './testing/world';
import { monthsView, reportView } from './view';

openReportWorld();

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
const view = async (month: string, actor = people.sre) =>
  MonthReport.parse(await reportView(config, { month, environment }, actor, db));

test('a month whose counts are asked for again is not closed, and says what it waits for', async () => {
  const { to } = monthBounds(closed, 'UTC');
  await progress({ gaps: [{ from: to - 3600, to, tries: 1, next: 0 }] });
  expect(await freeze()).toEqual([]);
  const open = await view(closed);
  expect(open).toMatchObject({ state: 'closing', frozenAt: null, hash: null, mayCorrect: false });
  expect(open.waiting[0]).toMatch(/^Availability: the source said nothing about 1 h/);
  expect(
    (await monthsView(config, environment, db)).months.map(({ month, state }) => [month, state]),
  ).toEqual([
    [running, 'running'],
    [closed, 'closing'],
  ]);
});

test('the figures are the same with the sums of the database and with single buckets', async () => {
  const now = (await databaseNow(db)).getTime() / 1000;
  const of = async () => (await readReport(db, { config, environment, now, month: closed })).lines;
  const [sums] = await of();
  const exclusion = await db.sloExclusion.create({
    data: {
      slo,
      environment,
      reason: 'Beside the month',
      fromAt: new Date((monthBounds(closed, 'UTC').from - 60) * 1000),
      toAt: new Date(monthBounds(closed, 'UTC').from * 1000),
      createdById: people.sre.id,
      createdByName: 'Sam',
    },
  });
  const [buckets] = await of();
  expect(sums).toMatchObject({ spent: { failures: failed }, total: buckets?.total, coverage: 1 });
  expect(buckets).toEqual(sums);
  await db.sloExclusion.update({
    where: { id: exclusion.id },
    data: { voidedAt: new Date(), voidedById: people.sre.id, voidedByName: 'Sam', voidReason: 'Done' },
  });
});

test('a month that is final is closed once, whatever the number of workers, with an audit entry', async () => {
  await progress();
  await addEntry(
    {
      actor: people.sre,
      config,
      slo,
      input: {
        environment,
        cause: 'incident',
        region: 'us-east-1',
        from: iso(badHour().from),
        to: iso(badHour().to),
        title: 'Database fail-over',
      },
    },
    db,
  );
  const workers = await Promise.all(['w1', 'w2', 'w3', 'w4'].map((worker) => freeze(worker)));
  expect(workers.flat()).toEqual([{ month: closed, environment }]);
  expect(await freeze()).toEqual([]);
  const rows = await db.sloReport.findMany();
  expect(rows).toHaveLength(1);
  const [row] = rows;
  expect(row?.hash).toBe(
    createHash('sha256')
      .update(row?.content ?? '', 'utf8')
      .digest('hex'),
  );
  expect(canonicalJson(JSON.parse(row?.content ?? ''))).toBe(row?.content);
  expect(await staged('report.frozen')).toMatchObject([
    {
      target: `report:${closed}`,
      actor: { kind: 'worker' },
      details: { month: closed, environment, hash: row?.hash, objectives: 1, met: 1 },
    },
  ]);
  const frozen = await view(closed);
  const { from, to } = monthBounds(closed, 'UTC');
  const requests = (2 * 1000 * (to - from)) / 300;
  expect(frozen).toMatchObject({ state: 'frozen', hash: row?.hash, previous: null, next: running });
  expect(frozen.report.lines).toMatchObject([
    {
      objective: slo,
      state: 'ok',
      method: 'counted',
      coverage: 1,
      total: requests,
      monthBudgetSeconds: (to - from) / 2000,
      budget: { failures: requests / 2000, seconds: (to - from) / 2000 },
      spent: { failures: failed },
      isMet: true,
    },
  ]);
  const cost = (cause: string) =>
    frozen.report.lines[0]?.byCause.find((one) => one.cause === cause)?.failures;
  expect([cost('incident'), cost('unexplained')]).toEqual([failed, 0]);
});

test('nothing changes a closed month: not the database, not later counts, not the ledger', async () => {
  const before = await view(closed);
  const where = { month_environment: { month: closed, environment } };
  await expect(db.sloReport.update({ where, data: { hash: 'x' } })).rejects.toThrow('never changed');
  await expect(db.sloReport.delete({ where })).rejects.toThrow('never changed');
  await expect(db.$executeRaw`TRUNCATE slo_report CASCADE`).rejects.toThrow('never changed');
  await expect(
    db.sloReport.create({ data: { month: '2020-01', environment, content: '{}', hash: 'f'.repeat(64) } }),
  ).rejects.toThrow('slo_report_hash');
  await db.sloEntry.updateMany({
    data: { voidedAt: new Date(), voidedById: people.sre.id, voidedByName: 'Sam', voidReason: 'Not so' },
  });
  await db.$executeRaw`UPDATE slo_chunk SET bad = array_fill(7::float8, ARRAY[288])`;
  expect(await freeze('w5')).toEqual([]);
  expect(await view(closed)).toEqual(before);
});

test('the running month is so far, others have no report', async () => {
  const open = await view(running);
  expect(open).toMatchObject({ state: 'running', frozenAt: null, hash: null, previous: closed, next: null });
  expect(Date.parse(open.report.until)).toBeLessThan(Date.parse(open.report.to));
  expect(open.report.summary[0]).toMatch(/^So far in /);
  await expect(view('2999-01')).rejects.toMatchObject({ code: 'not-found' });
  await expect(view('2001-01')).rejects.toMatchObject({ code: 'not-found' });
  const { months } = await monthsView(config, environment, db);
  expect(months).toMatchObject([
    { month: running, state: 'running', met: null },
    { month: closed, state: 'frozen', met: 1, judged: 1, objectives: 1, coverage: 1, corrections: 0 },
  ]);
  await expect(monthsView(config, 'nowhere', db)).rejects.toMatchObject({ code: 'not-found' });
});

test('a definition that nobody can read any more costs its own line, never the report', async () => {
  const broken = [{}, { id: 'gone', service: 'shop-api', name: 'Gone', objective: '100' }, 'text', null];
  for (const [index, definition] of broken.entries()) {
    await db.sloDefinition.create({
      data: { slo: `gone-${index}`, environment, hash: 'x', definition: definition ?? {} },
    });
  }
  globalThis.signalboxOpenReports = undefined;
  expect((await view(running)).report.lines.map(({ objective }) => objective)).toEqual([slo]);
});
