import { beforeAll, expect, test } from 'vitest';
import { shiftTime } from '@/scripts/testing/database';
import { addCorrection } from './add-correction';
import { type AddCorrection, MonthReport } from './contract';
import { monthBounds } from './month';
import {
  closed,
  config,
  database,
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
import { reportView } from './view';

openReportWorld();
/** A little more than the longest wait of this configuration. */
const waitMs = 2 * 86_400_000 + 60_000;

beforeAll(async () => {
  const { to } = monthBounds(closed, 'UTC');
  await progress({ gaps: [{ from: to - 3600, to, tries: 1, next: 0 }] });
  expect(await freeze()).toEqual([]);
  await shiftTime(database.url, waitMs);
  expect(await freeze()).toEqual([{ month: closed, environment }]);
  await shiftTime(database.url, -waitMs);
});

test('after the longest wait a month is closed with what there is, and says what was missing', async () => {
  const { report } = await view();
  expect(report.missing).toEqual([expect.stringMatching(/about 1 h; they are asked for again/)]);
  expect(report.summary.at(-1)).toMatch(/^Frozen after the longest wait/);
  expect(report.lines[0]).toMatchObject({ coverage: 1, spent: { failures: failed } });
});

const input: AddCorrection = {
  environment,
  objective: slo,
  what: 'Failures of a load test',
  why: 'The load generator was ours; its requests were not marked.',
  failures: -120.0004,
  seconds: -18,
};
const add = (more: Partial<AddCorrection> = {}, actor = people.devops, month = closed) =>
  addCorrection({ actor, config, month, input: { ...input, ...more } }, db);
const view = async (actor = people.devops) =>
  MonthReport.parse(await reportView(config, { month: closed, environment }, actor, db));

test('a lead writes a correction: it stands beside the frozen figure, with who, when and why', async () => {
  const before = await view();
  const written = await add();
  expect(written).toMatchObject({ objective: slo, failures: -120, seconds: -18, by: people.devops.name });
  const after = await view();
  expect(after.report).toEqual(before.report);
  expect(after.hash).toBe(before.hash);
  expect(after.corrections).toEqual([written]);
  expect(after.corrected).toMatchObject([{ objective: slo, failures: failed - 120, isMet: true, count: 1 }]);
  expect(await staged('report.corrected')).toMatchObject([
    {
      target: `report:${closed}`,
      reason: input.why,
      actor: { id: people.devops.id },
      details: { id: written.id, objective: slo, failures: '-120', seconds: '-18', what: input.what },
    },
  ]);
});

test('corrections never change either', async () => {
  const [first] = (await view()).corrections;
  const where = { id: first?.id ?? '' };
  await expect(db.sloReportCorrection.update({ where, data: { failures: 0 } })).rejects.toThrow(
    'never changed',
  );
  await expect(db.sloReportCorrection.delete({ where })).rejects.toThrow('never changed');
});

test('who is no lead, a month that is not closed and what is not in it are refused in words', async () => {
  await expect(add({}, people.sre)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(add({}, people.stakeholder)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(add({}, people.devops, running)).rejects.toMatchObject({
    code: 'precondition',
    message: expect.stringContaining('is not closed'),
  });
  await expect(add({ environment: 'nowhere' })).rejects.toMatchObject({ code: 'not-found' });
  const field = (path: string) => ({ code: 'invalid', fields: [expect.objectContaining({ path })] });
  await expect(add({ objective: 'other' })).rejects.toMatchObject(field('objective'));
  await expect(add({ definition: 'other' })).rejects.toMatchObject(field('definition'));
  expect((await view()).corrections).toHaveLength(1);
  expect(await staged('report.corrected')).toHaveLength(1);
  expect([(await view(people.sre)).mayCorrect, (await view()).mayCorrect]).toEqual([false, true]);
});
