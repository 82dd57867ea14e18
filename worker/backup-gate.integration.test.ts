import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { objectName } from '@/lib/backup/folder';
import { Precheck } from '@/lib/change/contract';
import { requestChange } from '@/lib/change/request-change';
import type { MigrationClass } from '@/lib/change/staged/contract';
import { newId } from '@/lib/core/ids';
import { databaseNow } from '@/lib/db/transaction';
import { openWorldWithDatabase } from './testing/copied-by-hand';
import { atPoints, clusterOf, world } from './testing/staged-fixture';
import { endsIn, logOf, plannedIn, startedIn } from './testing/staged-world';

const folder = openWorldWithDatabase();

const ask = (migration?: MigrationClass) =>
  ({
    kind: 'deploy',
    service: 'fraiseql-api',
    environment: 'production',
    region: 'us-east-1',
    version: '2.0.0',
    strategy: 'canary',
    ...(migration === undefined ? {} : { migration }),
  }) as const;

const minute = 60_000;
const day = 24 * 60 * minute;

/** A copy of so long ago, with its file; restored `provenMs` ago where it stands at level 4. */
async function put(ageMs: number, level: number, provenMs = 0): Promise<string> {
  const id = newId();
  const now = (await databaseNow(world.db)).getTime();
  const snapshotAt = new Date(now - ageMs);
  const object = objectName('fraiseql', id, snapshotAt);
  const at = { startedAt: snapshotAt, snapshotAt, finishedAt: snapshotAt };
  const whole = { bytes: 6, sha256: 'ab'.repeat(32), catalog: {}, serverVersion: '15.18' };
  await world.db.backupCopy.create({
    data: { id, databaseId: 'fraiseql', cause: 'schedule', state: 'kept', object, level, ...at, ...whole },
  });
  for (const name of [object, `${object}.json`]) fs.writeFileSync(path.join(folder, name), 'a copy');
  if (level === 4) {
    const check = {
      level,
      result: 'passed',
      tool: 't',
      toolVersion: '1',
      sentence: '',
      evidence: [],
      seconds: 1,
    };
    await world.db.backupCheck.create({ data: { copyId: id, at: new Date(now - provenMs), ...check } });
  }
  return id;
}
beforeEach(async () => {
  await world.db.$executeRaw`TRUNCATE backup_copy, backup_check, restore_run`;
});

/** What the plan of a deploy says of the copies. */
async function checked(migration?: MigrationClass) {
  const row = await plannedIn(world, ask(migration));
  const found = z
    .array(Precheck)
    .parse(row.prechecks)
    .find(({ id }) => id === 'backup');
  if (found === undefined) throw new Error(`No check of the copies: ${JSON.stringify(row.problem)}`);
  return { ...found, row };
}

describe('the plan of a deploy', () => {
  test('without a good copy is warned, and with a migration it cannot be asked for', async () => {
    expect(await checked()).toMatchObject({
      result: 'warn',
      detail: expect.stringMatching(/^FraiseQL: RPO now: unknown\. RTO: unknown.*No copy was read in full/),
    });
    const { result, row } = await checked('reversible');
    expect(result).toBe('fail');
    const input = {
      planId: row.id,
      planHash: row.planHash ?? '',
      reason: 'The week of work is ready.',
      runWhenApproved: true,
    };
    const asking = requestChange({ actor: world.people.sre, config: world.config, input }, world.db);
    await expect(asking).rejects.toMatchObject({
      code: 'precondition',
      message: expect.stringMatching(
        /^A check fails: Copies of its database\. FraiseQL: .*wait for the next copy/,
      ),
    });
  });

  test('says what a restore would lose, and lets a migration pass with a copy that is young enough', async () => {
    await put(34 * minute, 3);
    expect(await checked('reversible')).toMatchObject({
      result: 'pass',
      detail: expect.stringMatching(/\(L3\) loses what was written since .* UTC: RPO now 34 min/),
    });
    await put(26 * minute, 2);
    expect((await checked('forward-only')).detail).toMatch(/RPO now 34 min/);
    await world.db.$executeRaw`UPDATE backup_copy SET snapshot_at = snapshot_at - interval '30 min'`;
    expect(await checked('forward-only')).toMatchObject({
      result: 'fail',
      detail: expect.stringMatching(/1 h 4 min old, more than the objective of 1 h/),
    });
  });

  test('with a destructive migration asks for a restore of the last 7 days, and for no drill that failed', async () => {
    await put(34 * minute, 3);
    expect((await checked('destructive')).detail).toMatch(
      /No good copy was restored \(L4\) in the last 7 days\./,
    );
    await put(20 * minute, 4, 8 * day);
    expect(await checked('destructive')).toMatchObject({
      result: 'fail',
      detail: expect.stringMatching(/the last time was 8 d ago/),
    });
    const copyId = await put(10 * minute, 4, 2 * day);
    expect((await checked('destructive')).result).toBe('pass');
    const drill = { databaseId: 'fraiseql', cause: 'button', copyId, object: 'o' };
    const failed = {
      state: 'failed',
      finishedAt: await databaseNow(world.db),
      sentence: 'The file is gone.',
    };
    await world.db.restoreRun.create({ data: { ...drill, ...failed } });
    expect(await checked('destructive')).toMatchObject({
      result: 'fail',
      detail: expect.stringMatching(
        /The last drill failed: The file is gone\. Before the migration: rehearse/,
      ),
    });
    expect((await checked('reversible')).result).toBe('pass');
  });
});

describe('a migration that was signed', () => {
  const becomeOld = () =>
    world.db.$executeRaw`UPDATE backup_copy SET snapshot_at = snapshot_at - interval '2 h'`;

  test('is not begun when its copy is too old by then', { timeout: 90_000 }, async () => {
    await put(10 * minute, 3);
    const id = await startedIn(world, ask('reversible'), async () => {
      await becomeOld();
    });
    expect(await endsIn(world, id), await logOf(world, id)).toMatch(
      /^Voided.*2 h 10 min old, more than the objective of 1 h.*Ask for a new plan\./,
    );
    expect(clusterOf().store.list('jobs.batch', 'fraiseql')).toEqual([]);
  });

  test('is not let run when its copy is gone after the start', { timeout: 90_000 }, async () => {
    await put(10 * minute, 3);
    // The Job is made and waits: its copy goes before it is let run.
    atPoints(async (reached) => {
      if (reached === 'act-sent') await world.db.$executeRaw`UPDATE backup_copy SET level = 2`;
    });
    const id = await startedIn(world, ask('reversible'));
    expect(await endsIn(world, id), await logOf(world, id)).toMatch(
      /^BackedOut.*The database was not migrated: .*No copy was read in full/,
    );
    atPoints();
  });
});
