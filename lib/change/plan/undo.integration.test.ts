import { expect, test } from 'vitest';
import { changeNumber } from '@/lib/core/ids';
import type { Observed } from '../execute/observe';
import { templateKey } from '../template';
import { baseLive } from '../testing/facts';
import { ask, db, openVerbWorld } from '../testing/verbs';
import { findUndo } from './undo';

openVerbWorld();

const image = 'registry.example.com/fraiseql/fraiseql-api:2.0.0';
const good = { spec: { containers: [{ name: 'fraiseql-api', image }] } };
const broken = {
  spec: { containers: [{ name: 'fraiseql-api', image, env: [{ name: 'DATABASE_URL', value: 'wrong' }] }] },
};
const set = (name: string, template: object): Observed['replicaSets'][number] =>
  JSON.parse(JSON.stringify({ metadata: { name, uid: `uid-${name}` }, spec: { template }, status: {} }));

test('the last known good is the template that succeeded, not another one with the same image', async () => {
  const id = await ask();
  const number = changeNumber(id);
  await db.change.update({ where: { number }, data: { state: 'Succeeded', finishedAt: new Date() } });
  await db.intent.create({
    data: {
      id: `${id}/1`,
      changeNumber: number,
      step: 1,
      attempt: 1,
      verb: 'apply',
      target: 'deployment/fraiseql/fraiseql-api',
      targetUid: 'u',
      targetRv: '1',
      epoch: 1,
      onBehalfOf: 'x',
      before: { template: broken, paused: false },
      desired: { template: good, paused: false },
      result: 'applied',
      resolvedAt: new Date(),
    },
  });
  // An edit by hand broke it: the same image, and the newest ReplicaSet.
  const observed: Pick<Observed, 'live' | 'replicaSets'> = {
    live: { ...baseLive, template: templateKey(broken) },
    replicaSets: [set('edited', broken), set('released', good)],
  };
  const place = {
    service: 'fraiseql-api',
    environment: 'production',
    region: 'us-east-1',
    container: 'fraiseql-api',
  };
  const undo = await findUndo(db, place, observed);
  expect(undo).toMatchObject({ replicaSet: 'released', version: '2.0.0' });
  expect(JSON.parse(undo?.template ?? '')).toEqual(good);
  expect(await findUndo(db, place, { ...observed, replicaSets: [set('edited', broken)] })).toBe(null);
});
