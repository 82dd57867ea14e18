import { describe, expect, test } from 'vitest';
import { sequenceAudit } from '@/lib/audit/sequence';
import { stage } from '@/lib/audit/stage';
import { isOpsError } from '@/lib/core/errors';
import { changeId } from '@/lib/core/ids';
import { transaction } from '@/lib/db/transaction';
import { change, config, db, people, start } from '@/lib/slo/ledger/testing/world';
import { planHash } from '../plan/plan-hash';
import { stagedPlan } from '../testing/staged-plan';
import { readRecord } from './read-record';
import { ChangeRecord } from './record-contract';
import { recordFile } from './record-file';
import { openHistoryWorld, plan } from './testing/past';

openHistoryWorld();

describe('the deployment record', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const own = {
    ...plan,
    to: { version: '2.0.0', image: `registry.example.com/shop/shop-api:2.0.0@${digest}` },
  };

  async function recorded(): Promise<number> {
    const { number } = await change({
      plan: own,
      planHash: planHash(own),
      reason: 'Fixes | the *slow* query\n# at last',
      outcome: { sentence: 'The guard failed. 1.8.0 runs on all 3 pods again.' },
    });
    const by = { changeNumber: number, planHash: planHash(own) };
    await db.signOff.createMany({
      data: [
        {
          ...by,
          role: 'devops_lead',
          userId: people.devops.id,
          userName: people.devops.name,
          decision: 'approved',
        },
        {
          ...by,
          role: 'engineering_lead',
          userId: people.engineering.id,
          userName: people.engineering.name,
          decision: 'approved',
          comment: 'Read it.',
          voidedAt: new Date(),
          voidReason: 'it is too old',
        },
      ],
    });
    await db.step.create({
      data: { changeNumber: number, n: 1, kind: 'patch', title: 'Set the image', state: 'done' },
    });
    await db.command.create({
      data: {
        changeNumber: number,
        kind: 'abort',
        actorId: people.sre.id,
        actorName: 'Sam Reyes',
        reason: 'Errors',
      },
    });
    await db.observation.create({
      data: { changeNumber: number, seq: 1, kind: 'act', sentence: 'Set the version to 2.0.0.' },
    });
    await db.measurement.create({
      data: { changeNumber: number, step: 2, verdict: 'FAIL', total: 100, failed: 20, query: 'sum(x)' },
    });
    await transaction(async (tx) => {
      const entry = { actor: people.sre, target: `change:${changeId(number)}`, change: number } as const;
      await stage(tx, { ...entry, action: 'change.requested', result: 'ok' });
      await stage(tx, { ...entry, change: number + 1, action: 'change.requested', result: 'ok' });
    }, db);
    return number;
  }

  test('holds who, what, where, when, how and the proof of it', async () => {
    const number = await recorded();
    const id = changeId(number);
    const waiting = ChangeRecord.parse(await readRecord(config, id, db));
    expect(waiting.audit).toEqual({ entries: [], waiting: 1 });
    await sequenceAudit(db);
    const record = ChangeRecord.parse(await readRecord(config, id, db));
    expect(record).toMatchObject({
      id,
      kind: 'deploy',
      service: { id: 'shop-api', name: 'Shop API' },
      strategy: 'rolling',
      environment: 'production',
      region: 'us-east-1',
      workload: 'Deployment fraiseql-api',
      from: { version: '1.8.0', digest: null },
      to: { version: '2.0.0', digest },
      labels: { version: '2.0.0', deployment_date: new Date((start + 10) * 1000).toISOString().slice(0, 10) },
      outcome: 'backed-out',
      requester: 'Sam Reyes',
      times: { startedAt: new Date((start + 10) * 1000).toISOString(), seconds: 790 },
      planHash: planHash(own),
      planHashFits: true,
      plan: own,
      signOffs: [
        { role: 'devops_lead', name: people.devops.name, decision: 'approved', voidedAt: null },
        { role: 'engineering_lead', comment: 'Read it.', voidReason: 'it is too old' },
      ],
      steps: [{ n: 1, title: 'Set the image', state: 'done' }],
      commands: [{ kind: 'abort', by: 'Sam Reyes', reason: 'Errors' }],
      log: [{ seq: 1, kind: 'act', sentence: 'Set the version to 2.0.0.' }],
      measurements: [{ verdict: 'FAIL', total: 100, failed: 20, query: 'sum(x)' }],
      cost: { state: 'priced', lines: [{ slo: 'shop-availability' }] },
      cut: [],
    });
    expect(record.audit.waiting).toBe(0);
    expect(record.audit.entries).toMatchObject([
      {
        action: 'change.requested',
        actor: 'Sam Reyes',
        result: 'ok',
        leaf: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
  });

  test('says when the stored plan is not the one that was signed', async () => {
    const number = await recorded();
    await db.change.update({ where: { number }, data: { plan: { ...own, replicas: 99 } } });
    const record = await readRecord(config, changeId(number), db);
    expect(record.planHashFits).toBe(false);
    expect(await recordFile(record, 'text').text()).toContain('DOES NOT FIT');
  });

  test('has way, regions, objects and both versions of a change of several steps', async () => {
    const staged = { ...stagedPlan, service: plan.service };
    const { number } = await change({ plan: staged, planHash: planHash(staged) });
    await db.command.create({
      data: {
        changeNumber: number,
        kind: 'promote',
        actorId: people.sre.id,
        actorName: 'Sam Reyes',
        reason: 'Flat',
        expectedStep: 5,
      },
    });
    await db.measurement.create({
      data: {
        ...{ changeNumber: number, step: 5, verdict: 'PASS', query: 'sum(x)', region: 'us-east-1' },
        ...{ total: 200, failed: 1, share: 0.049, baselineTotal: 3800, baselineFailed: 4 },
        answer: { candidate: ['200', '1'] },
      },
    });
    const record = ChangeRecord.parse(await readRecord(config, changeId(number), db));
    expect(record).toMatchObject({
      strategy: 'canary',
      regions: ['us-east-1', 'eu-west-1'],
      commands: [{ kind: 'promote', expectedStep: 5 }],
      measurements: [{ step: 5, region: 'us-east-1', share: 0.049, answer: { candidate: ['200', '1'] } }],
    });
    expect(record.objects).toHaveLength(6);
    const lines = (await recordFile(record, 'text').text()).split('\n');
    expect(lines).toContain('- Strategy: Canary');
    expect(lines).toContain('- Regions, in order: us-east-1, eu-west-1');
    expect(lines).toContain('- VirtualService fraiseql/fraiseql-api in eu-west-1: sends the requests');
    expect(lines.find((line) => line.includes('promote'))).toMatch(
      /Sam Reyes: promote after step 5 \(open\): Flat$/,
    );
    expect(lines.find((line) => line.includes('PASS'))).toMatch(
      /PASS: 1 failed of 200, us-east-1 at 4\.90 % of the requests; the old version 4 of 3800$/,
    );
  });

  test('has the review of a way back that one person ordered', async () => {
    const number = await recorded();
    const textOf = async () => recordFile(await readRecord(config, changeId(number), db), 'text').text();
    expect((await readRecord(config, changeId(number), db)).review).toBeNull();
    const dueAt = new Date((start + 90_000) * 1000);
    await db.change.update({ where: { number }, data: { reviewDueAt: dueAt } });
    expect(await textOf()).toContain(
      `- Due by a lead until ${dueAt.toISOString()}; nobody has looked at it yet.`,
    );
    const reviewedAt = new Date((start + 5000) * 1000);
    await db.change.update({
      where: { number },
      data: { reviewDueAt: null, reviewedAt, reviewedByName: 'Dara Okafor', reviewNote: 'Rightly so.' },
    });
    expect(await textOf()).toContain(`- ${reviewedAt.toISOString()} Dara Okafor: Rightly so.`);
  });

  test('is a file of JSON that parses, and of text that nothing typed can break', async () => {
    const id = changeId(await recorded());
    const record = await readRecord(config, id, db);
    const json = recordFile(record, 'json');
    expect(json.headers.get('Content-Disposition')).toBe(
      `attachment; filename="deployment-record-${id}.json"`,
    );
    expect(ChangeRecord.parse(await json.json())).toEqual(ChangeRecord.parse(record));
    const text = recordFile(record, 'text');
    expect(text.headers.get('Content-Type')).toBe('text/markdown; charset=utf-8');
    expect(text.headers.get('Content-Disposition')).toContain(`deployment-record-${id}.md`);
    const lines = (await text.text()).split('\n');
    expect(lines[0]).toBe(`# Deployment record ${id}: Deploy Shop API 1.8.0 → 2.0.0`);
    expect(lines).toContain('- Reason: Fixes \\| the \\*slow\\* query \\# at last');
    expect(
      lines
        .filter((line) => line.startsWith('#'))
        .map((line) => line.replace(/^#+ /, ''))
        .slice(1),
    ).toEqual([
      'Sign-offs',
      'Objects',
      'Steps',
      'Writes to the cluster',
      'Commands',
      'Log',
      'Measurements of the guard',
      'Watch after it succeeded',
      'Cost in error budget',
      'Audit log',
    ]);
    expect(lines.some((line) => line.includes('1500 failed requests'))).toBe(true);
  });

  test('there is none of a change that is not there', async () => {
    const refused = await readRecord(config, 'c-999999', db).catch((error: unknown) => error);
    expect(isOpsError(refused, 'not-found')).toBe(true);
  });
});
