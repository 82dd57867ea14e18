import { describe, expect, test } from 'vitest';
import type { Caller } from '@/lib/access/model';
import { changeNumber } from '@/lib/core/ids';
import type { DeployPlan } from '../../contract';
import { readRecord } from '../../history/read-record';
import { recordText } from '../../history/record-text';
import { planHash } from '../../plan/plan-hash';
import { requestChange } from '../../request-change';
import { restoreData } from '../../testing/restore';
import { ask, config, db, openVerbWorld, people, plan, planned, reason } from '../../testing/verbs';
import { viewChange } from '../../view-change';

openVerbWorld();

const kinds = ['copy', 'close', 'load', 'switch', 'watch'] as const;
const restore: DeployPlan = {
  ...plan,
  kind: 'restore',
  effect: { what: 'Shop', from: 'the data it has now', to: 'the data of 02:10' },
  steps: kinds.map((kind, index) => ({ n: index + 1, kind, title: kind, usualSeconds: 1, detail: '' })),
  data: restoreData,
};
const hash = planHash(restore);

/** A restore that is watched: loaded, switched, with the old database beside it. */
async function watched(): Promise<string> {
  const planId = await planned(people.sre, { plan: restore, planHash: hash });
  const input = {
    planId,
    planHash: hash,
    reason,
    runWhenApproved: true,
    confirmedName: 'fraiseql-api',
  };
  const { id } = await requestChange({ actor: people.sre, config, input }, db);
  const number = changeNumber(id);
  const now = new Date();
  await db.change.update({
    where: { number },
    data: {
      state: 'Watching',
      stateSince: now,
      startedAt: now,
      watchUntil: new Date(now.getTime() + 60_000),
    },
  });
  await db.step.updateMany({ where: { changeNumber: number, n: { lt: 5 } }, data: { state: 'done' } });
  await db.step.updateMany({ where: { changeNumber: number, n: 5 }, data: { state: 'running' } });
  await db.restoreRun.create({
    data: {
      databaseId: restoreData.database,
      purpose: 'restore',
      cause: 'change',
      changeNumber: number,
      state: 'done',
      startedAt: now,
      finishedAt: now,
      copyId: restoreData.copy.id,
      object: restoreData.copy.object,
      databaseName: 'shop_r',
      databaseOid: 5n,
      phases: [{ phase: 'load', seconds: 41 }],
      sentence: 'It has the rows of the copy.',
      evidence: [{ what: 'Rows', expected: '24200', found: '24200', isRight: true }],
    },
  });
  await db.setAside.create({
    data: {
      databaseId: restoreData.database,
      changeNumber: number,
      serverName: `shop_pre_c${String(number).padStart(7, '0')}`,
      oid: 16_384n,
      dropAfter: new Date(now.getTime() + 604_800_000),
    },
  });
  return id;
}
const view = (id: string, actor: Caller = people.sre) => viewChange({ actor, config, id }, db);

describe('a restore as its page has it', () => {
  test('says which database has which name, what was loaded and what is kept, and is not paused any more', async () => {
    const id = await watched();
    const seen = await view(id);
    expect(seen.restore).toMatchObject({
      stage: 'switched',
      beginsAt: null,
      load: { state: 'done', seconds: 41, evidence: [{ found: '24200' }] },
      databases: [{ name: 'shop', role: 'restored' }, { role: 'old' }],
      setAside: { name: expect.stringMatching(/^shop_pre_c\d{7}$/), droppedAt: null },
    });
    expect(seen.timer.label).toBe('The watch ends');
    expect(seen.you.refusals.pause).toMatch(/does not stand still/);
    expect(seen.you.refusals.abort).toBe(null);
  });

  test('counts down to its first step', async () => {
    const id = await watched();
    const where = { changeNumber: changeNumber(id) };
    await db.setAside.delete({ where });
    await db.step.updateMany({ where, data: { state: 'pending' } });
    await db.$executeRaw`UPDATE change SET state = 'Running', state_since = app.now() WHERE number = ${where.changeNumber}`;
    const seen = await view(id);
    expect(seen.restore).toMatchObject({ stage: 'before', beginsAt: expect.any(String) });
    expect(seen.timer).toMatchObject({ label: 'Begins', at: seen.restore?.beginsAt });
    expect(seen.you.refusals.pause).toBe(null);
  });

  test('goes into the record, and evidence to people alone', async () => {
    const id = await watched();
    const record = await readRecord(config, id, db);
    expect(record.restore).toMatchObject({ stage: 'switched', load: { state: 'done', evidence: [] } });
    expect(recordText(record)).toContain('Load: done: It has the rows of the copy.');
    const pipeline: Caller = {
      kind: 'pipeline',
      id: 'token',
      name: 'deploys',
      roles: ['sre'],
      scopes: ['read'],
      owner: { id: people.sre.id, name: people.sre.name, email: people.sre.email },
    };
    expect((await view(id, pipeline)).restore?.load?.evidence).toEqual([]);
  });

  test('is null of every other change', async () => {
    expect((await view(await ask())).restore).toBe(null);
  });
});
