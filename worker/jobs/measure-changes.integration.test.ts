import { beforeEach, expect, test } from 'vitest';
import { ask, db, openVerbWorld } from '@/lib/change/testing/verbs';
import { changeNumber } from '@/lib/core/ids';
import { registry } from '@/lib/core/metrics';
import { measureChanges } from './measure-changes';

openVerbWorld();
beforeEach(async () => {
  await db.$executeRaw`UPDATE change SET state = 'Cancelled', finished_at = app.now()`;
});

const figures = async () => {
  await measureChanges(db);
  const lines = (await registry().metrics()).split('\n');
  const of = (name: string) => Number(lines.find((line) => line.startsWith(`${name} `))?.split(' ')[1]);
  return {
    running: of('signalbox_changes{state="Running"}'),
    inReview: of('signalbox_changes{state="InReview"}'),
    overdue: of('signalbox_change_overdue_seconds'),
  };
};
/** One a workload may run at a time. */
const running = async (dueAgo: number, lease: number | null) => {
  const number = changeNumber(await ask());
  await db.$executeRaw`UPDATE change SET state = 'Running', namespace = ${`n${number}`},
    due_at = app.now() - ${dueAgo}::int * interval '1 s',
    lease_until = app.now() + ${lease}::int * interval '1 s' WHERE number = ${number}`;
};

test('changes are counted by their state, and those of a state that has none any more are none', async () => {
  await ask();
  await running(0, 30);
  expect(await figures()).toMatchObject({ running: 1, inReview: 1 });
  await db.$executeRaw`UPDATE change SET state = 'Cancelled', finished_at = app.now()`;
  expect(await figures()).toMatchObject({ running: 0, inReview: 0 });
});

test('a change that is due and that no worker holds is overdue, however many are held', async () => {
  await running(900, 30);
  expect((await figures()).overdue).toBe(0);
  await running(300, null);
  await running(120, -60);
  const { overdue } = await figures();
  expect(overdue).toBeGreaterThanOrEqual(300);
  expect(overdue).toBeLessThan(900);
});

test('one that waits for people is not', async () => {
  await ask();
  await db.$executeRaw`UPDATE change SET due_at = app.now() - interval '1 h'`;
  expect((await figures()).overdue).toBe(0);
});
