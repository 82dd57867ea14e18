import { expect, test } from 'vitest';
import { OpsError } from '@/lib/core/errors';
import { changeNumber } from '@/lib/core/ids';
import { ask, db, openVerbWorld, plan } from '../testing/verbs';
import { refusedPlan } from './refused-plan';

openVerbWorld();

const half = new OpsError('precondition', 'Both colours take requests.', {
  next: 'Shift all requests to one colour first.',
});
const why = (error: unknown = half) => refusedPlan(db, plan, error);

test('a plan that is refused while a change runs there says to wait for its end first', async () => {
  const id = await ask();
  expect((await why()).next).toBe('Shift all requests to one colour first.');
  const at = { where: { number: changeNumber(id) } };
  await db.change.update({ ...at, data: { state: 'Running' } });
  expect(await why()).toEqual({
    message: 'Both colours take requests.',
    next: `${id} is being carried out for this service, which may be why: ask again when it has ended. If that is not why: Shift all requests to one colour first.`,
  });
  expect((await refusedPlan(db, { ...plan, environment: 'staging' }, half)).next).toBe(half.next);
  await db.change.update({ ...at, data: { state: 'Succeeded', finishedAt: new Date() } });
  expect((await why()).next).toBe(half.next);
});

test('what has no advice has none, and what is no answer is thrown', async () => {
  expect(await why(new OpsError('not-found', 'There is no such service.'))).toEqual({
    message: 'There is no such service.',
  });
  await expect(why(new TypeError('A mistake of ours.'))).rejects.toThrow('A mistake of ours.');
});
