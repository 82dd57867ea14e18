import { expect, test } from 'vitest';
import { changeId, changeNumber } from '@/lib/core/ids';
import { DeployPlan } from '../contract';
import { stagedPlan } from '../testing/staged-plan';
import { ask, db, openVerbWorld, plan } from '../testing/verbs';
import { schemaCheck } from './schema-check';

openVerbWorld();

type Past = {
  from: string;
  to: string;
  kind?: 'deploy' | 'rollback';
  job?: 'reversible' | 'destructive';
  released?: boolean;
};

/** A change that was carried out; with `job` one that migrated, if its Job was let run. */
async function past({ from, to, kind = 'deploy', job, released = true }: Past): Promise<number> {
  const number = changeNumber(await ask());
  const step = {
    ...{ do: 'job', region: plan.region, cluster: plan.cluster, namespace: 'n', name: 'm', spec: '{}' },
    ...{ class: job ?? 'reversible', timeoutSeconds: 60 },
  };
  const staged = job === undefined ? {} : { staged: { ...stagedPlan.staged, steps: [step] } };
  const versions = { from: { ...plan.from, version: from }, to: { ...plan.to, version: to } };
  await db.change.update({
    where: { number },
    data: {
      ...{ kind, state: 'Succeeded', startedAt: new Date(), finishedAt: new Date() },
      plan: { ...plan, ...versions, ...staged },
    },
  });
  if (job !== undefined && released) {
    await db.intent.create({
      data: {
        ...{ id: `${changeId(number)}/1/1/job`, changeNumber: number, step: 1, attempt: 1, epoch: 1 },
        ...{ verb: 'write', target: 'us-east-1/Job/n/m', targetUid: 'u', targetRv: '1', onBehalfOf: 'a@b.c' },
        ...{ before: {}, desired: {}, result: 'applied' },
      },
    });
  }
  return number;
}
const found = (kind: 'rollback' | 'deploy' | 'scale', version: string) =>
  schemaCheck(db, DeployPlan.parse({ ...plan, kind, to: { ...plan.to, version } }));

test('a migration that was let run counts for what ran before it, and for nothing that came with it or later', async () => {
  await past({ from: '1.0', to: '1.1' });
  await past({ from: '1.1', to: '2.0', job: 'destructive', released: false });
  expect(await found('rollback', '1.0')).toMatchObject({ id: 'schema', result: 'pass' });
  const number = await past({ from: '1.1', to: '2.0', job: 'destructive' });
  const told = {
    result: 'warn',
    detail: expect.stringContaining(`${changeId(number)} for 2.0 (destructive)`),
  };
  for (const version of ['1.0', '1.1', 'never recorded'])
    expect(await found('rollback', version)).toMatchObject(told);
  // To bring it out again is the same risk; one that is new was made for the schema that there is.
  expect(await found('deploy', '1.1')).toMatchObject(told);
  for (const version of ['2.0', '2.1']) expect(await found('deploy', version)).toBeNull();
  expect(await found('rollback', '2.0')).toMatchObject({ result: 'pass' });
  expect(await found('scale', '1.0')).toBeNull();
});

test('a version that was brought again since has met the schema, and one that was only put back has not', async () => {
  await past({ from: '2.0', to: '1.0', kind: 'rollback' });
  expect(await found('rollback', '1.0')).toMatchObject({ result: 'warn' });
  await past({ from: '2.0', to: '1.1' });
  expect(await found('rollback', '1.1')).toMatchObject({ result: 'pass' });
});
