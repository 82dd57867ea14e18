import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Config } from '@/lib/config/schema';
import { databaseNow } from '@/lib/db/transaction';
import { person } from '@/worker/testing/people';
import { type BackupWorld, backupWorld } from '../testing/world';
import { letCopiesGo } from './let-copies-go';
import { runRetention } from './run-retention';
import { retentionView } from './view';

let world: BackupWorld;
beforeAll(async () => {
  world = await backupWorld();
});
afterAll(() => world.stop());

/** A run whose worker has the right time. */
async function run(config: Config) {
  const [shop] = config.databases;
  if (shop?.backup === undefined) throw new Error('The configuration of the test has no copies.');
  const now = await databaseNow(world.db);
  return runRetention(world.db, { ...shop, backup: shop.backup }, { kind: 'worker', id: 'w1' }, () => now);
}

it('lets a copy go that pg_dump made: file and marker, after a word and the grace, and none beside it', async () => {
  const config = world.config({ retention: { daily: 1, weekly: 0, monthly: 0, grace: '1s' } });
  const copies = [];
  for (let made = 0; made < 3; made += 1) copies.push(await world.proven(config));
  const objects = copies.map(({ object }) => object);
  const all = objects.flatMap((object) => [object, `${object}.json`]).toSorted();
  expect(world.files()).toEqual(all);
  expect((await run(config)).stops.map(({ code }) => code)).toEqual(['share']);
  const lead = await person(world.db, 'Dara Okafor', ['devops_lead']);
  const [view] = (await retentionView(config, 'production', lead, world.db)).databases;
  expect(view?.unknownCount).toBe(0);
  expect(view?.lines.map(({ fate, isMissing }) => `${fate} ${isMissing}`)).toEqual([
    'stays false',
    'stays false',
    'leaves false',
  ]);
  expect(view?.awaits).toEqual([copies[0]?.id]);
  const input = { copies: view?.awaits ?? [], why: 'A policy of one day' };
  await letCopiesGo({ actor: lead, config, database: 'shop', input }, world.db);
  expect(await run(config)).toMatchObject({ marked: 1, deleted: 0 });
  expect(world.files()).toEqual(all);
  await world.hour();
  expect(await run(config)).toMatchObject({ deleted: 1, stops: [] });
  expect(world.files()).toEqual(all.filter((name) => !name.startsWith(objects[0] ?? '?')));
});
