import { expect, test } from 'vitest';
import { config, db, openVerbWorld, people, planned } from '../testing/verbs';
import { failPlan } from './answer-plan';

openVerbWorld();

test('a plan that could not be made is recorded as answered with a failure, once', async () => {
  const id = await planned(people.sre, { state: 'pending' });
  const worker = {
    db,
    config,
    workerId: 'w',
    cluster: () => {
      throw new Error('No cluster is asked.');
    },
  };
  await failPlan(worker, id);
  await failPlan(worker, id);
  expect((await db.planRequest.findUniqueOrThrow({ where: { id } })).state).toBe('failed');
  const entries = (await db.auditStaged.findMany()).map(({ body }) => JSON.parse(body));
  expect(entries.filter(({ target }) => target === `plan:${id}`)).toMatchObject([
    { action: 'plan.answered', result: 'failed', actor: { kind: 'worker', id: 'w' } },
  ]);
});
