import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { viewMe } from '@/lib/access/view';
import { changeNumber } from '@/lib/core/ids';
import { createDatabase } from '@/lib/db/client';
import { databaseNow } from '@/lib/db/transaction';
import { shiftTime } from '@/scripts/testing/database';
import { ask, audited, config as base, database, db, openVerbWorld, people } from '../testing/verbs';
import { viewApprovals } from '../view-approvals';
import { reminderDue, reviewDue } from './due';
import { remindReviews } from './remind-reviews';
import { reviewChange } from './review-change';

openVerbWorld();

const HOUR = 3_600_000;
const config = {
  ...base,
  notifications: { webhooks: [{ id: 'chat', url: { file: '/none' } }] },
} satisfies typeof base;
const Payload = z.object({ text: z.string() });

/** Milliseconds by which the database's clock was moved; it stands right again before the next test. */
let shifted = 0;
async function shift(ms: number): Promise<void> {
  await shiftTime(database.url, ms);
  shifted += ms;
}

beforeEach(async () => {
  await shift(-shifted);
  await db.change.updateMany({ data: { reviewDueAt: null } });
  await db.outbox.deleteMany();
});

/** A change that Ella Lindqvist sent back alone and that has ended; its review is due in so many milliseconds. */
async function sentBack(dueInMs: number, more: object = {}): Promise<string> {
  const id = await ask();
  const now = await databaseNow(db);
  const { id: by, name, email } = people.engineering;
  await db.change.update({
    where: { number: changeNumber(id) },
    data: {
      state: 'BackedOut',
      backingOut: true,
      finishedAt: now,
      outcome: { sentence: 'It went back.', cause: 'abort', by: { id: by, name, email } },
      reviewDueAt: new Date(now.getTime() + dueInMs),
      ...more,
    },
  });
  await db.outbox.deleteMany();
  return id;
}
const remind = (worker = 'w-1', on = db) => remindReviews(on, config, worker);
const told = async () =>
  (await db.outbox.findMany({ orderBy: { id: 'asc' } })).map(
    ({ event, payload }) => `${event}: ${Payload.parse(payload).text}`,
  );
const reviewEntries = async (id: string) =>
  (await audited(id)).filter((entry) => entry.startsWith('change.review_'));
/** Moves the database's clock on to a moment that it computes with the arithmetic itself. */
async function until(at: Date): Promise<void> {
  const ms = at.getTime() - (await databaseNow(db)).getTime();
  await shift(ms + 1000);
}

test('a lead is reminded once half a working day before it is due, and told once that it is overdue', async () => {
  const now = await databaseNow(db);
  const due = reviewDue(now, config.workingDays);
  const id = await sentBack(due.getTime() - now.getTime());
  expect(await remind()).toBe(0);
  await until(reminderDue(due, config.workingDays));
  expect(await remind()).toBe(1);
  expect(await told()).toEqual([
    expect.stringMatching(
      /^change\.review_due: c-\d+ .*: Ella Lindqvist ordered it back alone; a lead other than that reviews it until \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/,
    ),
  ]);
  expect(await remind('w-2')).toBe(0);
  await until(due);
  expect(await remind('w-2')).toBe(1);
  expect((await told())[1]).toMatch(
    /^change\.review_overdue: c-\d+ .*: Ella Lindqvist ordered it back alone, and no lead has reviewed it: that was due at /,
  );
  await shift(9 * 86_400_000);
  expect(await remind()).toBe(0);
  expect(await told()).toHaveLength(2);
  expect(await reviewEntries(id)).toEqual(['change.review_reminded ok', 'change.review_overdue ok']);
  const log = await db.observation.findMany({ where: { changeNumber: changeNumber(id) } });
  expect(log.filter(({ sentence }) => sentence.includes('ordered it back alone'))).toHaveLength(2);
});

test('of several workers one tells it, also when they are other processes', async () => {
  await sentBack(-1000);
  await sentBack(-2000);
  const others = [1, 2, 3].map(() => createDatabase(database.url));
  const counts = await Promise.all([db, ...others].map((on, n) => remind(`w-${n}`, on)));
  await Promise.all(others.map((on) => on.$disconnect()));
  expect(counts.reduce((sum, one) => sum + one, 0)).toBe(2);
  expect(await told()).toHaveLength(2);
});

test('what no worker told in time is told as overdue alone', async () => {
  const id = await sentBack(-60_000);
  expect(await remind()).toBe(1);
  expect(await remind()).toBe(0);
  expect(await reviewEntries(id)).toEqual(['change.review_overdue ok']);
});

test('nobody is reminded of what was reviewed, or has not ended', async () => {
  const reviewed = await sentBack(-1000);
  await reviewChange({ actor: people.devops, id: reviewed, note: 'Rightly so.' }, db);
  await sentBack(-1000, { state: 'Running', finishedAt: null });
  expect(await remind()).toBe(0);
  expect(await told()).toEqual([]);
});

test('without a webhook it stands in the log and the record all the same', async () => {
  const id = await sentBack(-1000);
  expect(await remindReviews(db, { ...base, notifications: { webhooks: [] } }, 'w-1')).toBe(1);
  expect([await told(), await reviewEntries(id)]).toEqual([[], ['change.review_overdue ok']]);
});

test('it is counted for every lead but who ordered it, and the page tells overdue from due', async () => {
  const waiting = async (actor: typeof people.sre) => (await viewMe(actor, db, config)).waiting;
  const before = await waiting(people.devops);
  const late = await sentBack(-HOUR);
  const soon = await sentBack(HOUR);
  await sentBack(HOUR, { state: 'Running', finishedAt: null });
  expect(await waiting(people.devops)).toMatchObject({
    approvals: before.approvals + 2,
    reviews: 2,
    overdue: 1,
  });
  for (const other of [people.engineering, people.sre, people.stakeholder]) {
    expect(await waiting(other)).toMatchObject({ reviews: 0, overdue: 0 });
  }
  const { toReview } = await viewApprovals(people.devops, config, db);
  expect(
    toReview.map(({ id, isOverdue, orderedBy, refusal }) => [id, isOverdue, orderedBy, refusal]),
  ).toEqual([
    [late, true, 'Ella Lindqvist', null],
    [soon, false, 'Ella Lindqvist', null],
  ]);
  const own = await viewApprovals(people.engineering, config, db);
  expect(own.toReview.map(({ refusal }) => refusal)).toEqual(
    Array(2).fill('You ordered it back: another lead has to review it.'),
  );
  await reviewChange({ actor: people.devops, id: late, note: 'Rightly so.' }, db);
  expect(await waiting(people.devops)).toMatchObject({ reviews: 1, overdue: 0 });
});
