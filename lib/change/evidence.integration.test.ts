import { beforeAll, describe, expect, test } from 'vitest';
import { isOpsError } from '@/lib/core/errors';
import { changeNumber } from '@/lib/core/ids';
import { ChangeView } from './contract';
import {
  LogPage,
  LogQuery,
  MeasurementEvidence,
  MeasurementList,
  MeasurementParams,
  MeasurementsQuery,
} from './measured-contract';
import { ask, config, db, openVerbWorld, people } from './testing/verbs';
import { viewChange } from './view-change';
import { EXCERPT_MAX, excerptOf, viewEvidence, viewMeasurements } from './view-evidence';
import { viewLog } from './view-log';

openVerbWorld();

const NOWHERE = 'c-999999';
const refused = (error: unknown) => (isOpsError(error) ? error.code : error);
const notFound = (work: Promise<unknown>) => expect(work.catch(refused)).resolves.toBe('not-found');

describe('the readings of a change', () => {
  let id: string;
  let other: string;
  beforeAll(async () => {
    [id, other] = [await ask(), await ask()];
    const reading = (of: string, step: number, region: string) => ({
      changeNumber: changeNumber(of),
      step,
      region,
      verdict: 'PASS',
      query: `query ${step}`,
      answer: { at: '2026-11-21T14:00:00.000Z', warnings: [], values: { total: '200', failed: 'NaN' } },
    });
    await db.measurement.createMany({
      data: [
        ...Array.from({ length: 5 }, (_, index) => reading(id, index, 'us-east-1')),
        ...Array.from({ length: 3 }, (_, index) => reading(id, 10 + index, 'eu-west-1')),
        reading(other, 99, 'us-east-1'),
      ],
    });
  });
  const page = async (query: unknown = {}) =>
    MeasurementList.parse(await viewMeasurements(id, MeasurementsQuery.parse(query), db));
  const steps = ({ measurements }: MeasurementList) => measurements.map(({ step }) => step);

  test('come by pages, newest first, and none of another change', async () => {
    const first = await page({ limit: '3' });
    const second = await page({ limit: '3', before: first.next });
    const third = await page({ limit: '3', before: second.next });
    expect([steps(first), steps(second), steps(third)]).toEqual([
      [12, 11, 10],
      [4, 3, 2],
      [1, 0],
    ]);
    expect(third.next).toBeNull();
    expect(steps(await page({ region: 'us-east-1', limit: '3' }))).toEqual([4, 3, 2]);
    expect(steps(await page({ limit: '8' }))).toHaveLength(8);
    expect((await page({ limit: '8' })).next).toBeNull();
    expect(steps(await page({ region: 'nowhere' }))).toEqual([]);
  });

  test('have query, raw answer and its moment, each asked for by itself', async () => {
    const [newest] = (await page()).measurements;
    const evidence = MeasurementEvidence.parse(await viewEvidence(id, newest?.id ?? '', db));
    expect(evidence).toMatchObject({
      id: newest?.id,
      step: 12,
      query: { text: 'query 12', length: 8 },
      answeredFor: '2026-11-21T14:00:00.000Z',
    });
    expect(JSON.parse(evidence.answer?.text ?? '')).toMatchObject({
      values: { total: '200', failed: 'NaN' },
    });
  });

  test('say so where no answer was kept, and when that of a proof of shares was', async () => {
    const make = (data: { answer?: object }) =>
      db.measurement.create({
        data: { changeNumber: changeNumber(other), step: 1, verdict: 'ERROR', query: 'q', ...data },
      });
    const bare = await make({});
    const proof = await make({ answer: { wanted: 0.05, answer: { at: '2026-11-21T15:00:00.000Z' } } });
    const odd = await make({ answer: { at: 'yesterday' } });
    const of = (row: { id: bigint }) => viewEvidence(other, String(row.id), db);
    expect(await of(bare)).toMatchObject({ answer: null, answeredFor: null });
    expect(await of(proof)).toMatchObject({ answeredFor: '2026-11-21T15:00:00.000Z' });
    expect(await of(odd)).toMatchObject({ answeredFor: null });
  });

  test('are 404 of a change that there is not, of another change, and when they are gone', async () => {
    const [newest] = (await page()).measurements;
    const known = newest?.id ?? '';
    await notFound(viewMeasurements(NOWHERE, MeasurementsQuery.parse({}), db));
    await notFound(viewEvidence(NOWHERE, known, db));
    await notFound(viewEvidence(other, known, db));
    await notFound(viewEvidence(id, '999999999999999999', db));
    for (const wrong of ['0x1', '-1', '1e3', '', 'a', '1'.repeat(19)]) {
      expect(MeasurementParams.safeParse({ change: id, measurement: wrong }).success, wrong).toBe(false);
    }
  });

  test('a long text is cut, and says how long it is; never inside a character', () => {
    expect(excerptOf('x'.repeat(EXCERPT_MAX))).toEqual({
      text: 'x'.repeat(EXCERPT_MAX),
      length: EXCERPT_MAX,
    });
    const long = excerptOf('x'.repeat(EXCERPT_MAX + 5));
    expect([long.text.length, long.length]).toEqual([EXCERPT_MAX, EXCERPT_MAX + 5]);
    const face = excerptOf(`${'x'.repeat(EXCERPT_MAX - 1)}😀`);
    expect([face.text.length, face.text.isWellFormed()]).toEqual([EXCERPT_MAX - 1, true]);
  });
});

describe('the log of a change', () => {
  const lines = (number: number, count: number) =>
    db.observation.createMany({
      data: Array.from({ length: count }, (_, index) => ({
        changeNumber: number,
        seq: 1000 + index,
        kind: 'act',
        sentence: `Line ${index}`,
      })),
    });

  test('is on the page with its newest lines and how many are older, which come by pages', async () => {
    const id = await ask();
    await db.observation.deleteMany({ where: { changeNumber: changeNumber(id) } });
    await lines(changeNumber(id), 503);
    const view = ChangeView.parse(await viewChange({ actor: people.sre, config, id }, db));
    expect([view.observations.length, view.olderObservations]).toEqual([500, 3]);
    const oldest = view.observations[0]?.seq;
    const first = LogPage.parse(
      await viewLog(id, LogQuery.parse({ before: String(oldest), limit: '2' }), db),
    );
    expect(first.observations.map(({ sentence }) => sentence)).toEqual(['Line 2', 'Line 1']);
    const last = await viewLog(id, LogQuery.parse({ before: first.next, limit: '2' }), db);
    expect([last.observations.map(({ sentence }) => sentence), last.next]).toEqual([['Line 0'], null]);
  });

  test('says nothing of older lines where there are none, and is 404 of a change that there is not', async () => {
    const id = await ask();
    const view = await viewChange({ actor: people.sre, config, id }, db);
    expect(view.olderObservations).toBe(0);
    await notFound(viewLog(NOWHERE, LogQuery.parse({}), db));
    for (const wrong of [
      { before: 'x' },
      { before: '-1' },
      { limit: '0' },
      { limit: '201' },
      { before: '1e99' },
    ])
      expect(LogQuery.safeParse(wrong).success).toBe(false);
  });
});
