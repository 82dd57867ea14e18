import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { beginDueCopy } from '@/lib/backup/begin-copy';
import { objectName } from '@/lib/backup/folder';
import { backedUp } from '@/lib/backup/make-copy';
import { changeNumber, newId } from '@/lib/core/ids';
import { databaseNow } from '@/lib/db/transaction';
import { openWorldWithDatabase } from './testing/copied-by-hand';
import { atPoints, reachesState, world } from './testing/staged-fixture';
import { changeIn, endsIn, logOf, startedIn } from './testing/staged-world';
import { until } from './testing/world';

const folder = openWorldWithDatabase();

const ask = {
  kind: 'deploy',
  service: 'fraiseql-api',
  environment: 'production',
  region: 'us-east-1',
  version: '2.0.0',
  strategy: 'canary',
  migration: 'reversible',
} as const;

/** As if a schedule wanted a copy now; whether one was begun. */
async function begins(): Promise<boolean> {
  const [known] = backedUp(world.config);
  if (known === undefined) throw new Error('No copies are configured.');
  const schedule = { cron: '* * * * *', timeZone: 'UTC' };
  const begun = await beginDueCopy(
    world.db,
    { ...known, backup: { ...known.backup, schedule } },
    { workerId: 'w/copies', leaseSeconds: 3600 },
    { kind: 'worker', id: 'w' },
  );
  return begun !== null;
}

async function goodCopy(): Promise<void> {
  const [id, at] = [newId(), new Date((await databaseNow(world.db)).getTime() - 600_000)];
  const object = objectName('fraiseql', id, at);
  const whole = { bytes: 6, sha256: 'ab'.repeat(32), catalog: {}, serverVersion: '15.18', level: 3 };
  const times = { startedAt: at, snapshotAt: at, finishedAt: at };
  await world.db.backupCopy.create({
    data: { id, databaseId: 'fraiseql', cause: 'change', state: 'kept', object, ...times, ...whole },
  });
  for (const name of [object, `${object}.json`]) fs.writeFileSync(path.join(folder, name), 'a copy');
}

test('a migration begins after the copy that is being made, and no copy begins while it migrates', {
  timeout: 120_000,
}, async () => {
  await goodCopy();
  expect(await begins()).toBe(true);
  const tries: boolean[] = [];
  // A schedule wants a copy after each write, of which those of the migration are the first.
  atPoints(async (reached) => {
    if (reached === 'act-sent') tries.push(await begins());
  });
  const id = await startedIn(world, ask);
  const waits =
    /A copy of FraiseQL is being made \(fraiseql-.*\.dump\); the migration begins after its end\./;
  await until('it says that it waits', async () => waits.test(await logOf(world, id)));
  expect((await changeIn(world, id)).state).toBe('Queued');
  expect(await world.db.lock.count({ where: { changeNumber: changeNumber(id) } })).toBe(0);
  // The copy ends.
  await world.db.$executeRaw`UPDATE backup_copy SET state = 'failed', error = 'x', finished_at = app.now(),
    lease_owner = NULL, lease_until = NULL, slot_at = NULL WHERE state = 'running'`;
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(/^Succeeded/);
  atPoints();
  expect((await logOf(world, id)).match(new RegExp(waits, 'g'))).toHaveLength(1);
  expect(tries.slice(0, 2)).toEqual([false, false]);
  // The migration is done, and the deploy goes on.
  expect(tries).toContain(true);
});

test('a deploy without a migration waits for no copy', { timeout: 90_000 }, async () => {
  expect(await world.db.backupCopy.count({ where: { state: 'running' } })).toBe(1);
  const { migration: _, ...plain } = ask;
  const id = await startedIn(world, { ...plain, version: '1.8.0' });
  await reachesState(id, 'Running');
});
