import { expect, test } from 'vitest';
import { OpsError } from '@/lib/core/errors';
import { changeNumber } from '@/lib/core/ids';
import { readChange } from '../store';
import { executionOf } from '../testing/execution';
import { ask, config, db, openVerbWorld, people, sign, stateOf } from '../testing/verbs';
import { revalidate } from './revalidate';

openVerbWorld();

test('a cluster that is not configured any more voids the change instead of blocking the workload', async () => {
  const id = await ask();
  await sign(people.engineering, id, 'engineering_lead');
  await sign(people.devops, id, 'devops_lead');
  await db.change.update({ where: { number: changeNumber(id) }, data: { state: 'Revalidating' } });
  const run = executionOf(id, {
    db,
    config,
    cluster: (name) => {
      throw new OpsError('precondition', `The cluster ${name} is not configured.`);
    },
  });
  expect(await revalidate(run, await readChange(db, id))).toBe('moved');
  expect(await stateOf(id)).toBe('Voided');
  expect((await readChange(db, id)).outcome?.sentence).toBe('The cluster us-east-1 is not configured.');
});
