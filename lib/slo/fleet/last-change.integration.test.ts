import { afterAll, expect, test } from 'vitest';
import type { Person } from '@/lib/access/model';
import { plan } from '@/lib/change/testing/verbs';
import { changeId } from '@/lib/core/ids';
import { readingValue } from '@/lib/core/reading';
import { changesPoll } from '@/lib/service/changes';
import { team } from '@/worker/testing/people';
import { fleetList } from '../view';
import { bad, config, db, list, now, numbersOf, openFleetRoom, page, rowOf } from './testing/room';

openFleetRoom();
afterAll(() => {
  globalThis.signalboxChanges?.close();
  globalThis.signalboxChanges = undefined;
});

/** A deploy that was carried out in this span, unix seconds. */
const carryOut = (by: Pick<Person, 'id' | 'name'>, from: number, to: number) =>
  db.change.create({
    data: {
      kind: 'deploy',
      service: 'shop-api',
      environment: 'production',
      region: 'us-east-1',
      cluster: 'test',
      namespace: 'shop',
      plan: { ...plan, service: 'shop-api' },
      planHash: 'hash',
      policy: { id: 'all', match: {}, signOffs: ['engineering_lead'] },
      reason: 'A new version',
      requesterId: by.id,
      requesterName: by.name,
      reviewExpiresAt: new Date(),
      state: 'BackedOut',
      startedAt: new Date(from * 1000),
      finishedAt: new Date(to * 1000),
    },
    select: { number: true },
  });

test('the newest change is priced in the list as in the ledger of the page', async () => {
  const people = await team(db);
  globalThis.signalboxChanges = undefined;
  const before = await list();
  expect(rowOf(before, 'events').lastChange).toBeNull();
  const { number } = await carryOut(people.sre, bad.from + 10, bad.to);
  await changesPoll(config).refresh();
  const row = rowOf(await list(), 'events');
  expect(row.lastChange).toMatchObject({
    id: changeId(number),
    by: 'Sam Reyes',
    failed: 60,
    isShared: false,
  });
  const { low, high, share } = row.lastChange ?? {};
  expect(low).toBeLessThanOrEqual(60);
  expect(high).toBeGreaterThanOrEqual(60);
  expect(share).toBeCloseTo(60 / (numbersOf(row).allowedFailures ?? 0), 9);
  const view = await page('events');
  expect(view.row.lastChange).toMatchObject({ id: changeId(number), failed: 60, low, high });
  expect(view.markers).toEqual([
    expect.objectContaining({
      id: `change:${number}`,
      cause: 'change',
      href: `/changes/${changeId(number)}`,
    }),
  ]);
  expect(readingValue(view.data)?.fixed.how['last-change'].filled).toMatch(
    new RegExp(`^${changeId(number)}: 60 failed, between .* with 95 % = .* of the budget$`),
  );
});

test('every change of the last day is priced, and the older ones are named', async () => {
  const sam = await db.user.findFirstOrThrow({ where: { name: 'Sam Reyes' } });
  const ids: string[] = [];
  for (const ago of [4 * 3600, 3600]) {
    const { number } = await carryOut(sam, now - ago, now - ago + 600);
    ids.unshift(changeId(number));
  }
  await changesPoll(config).refresh();
  const { rows, changes } = await fleetList(config, 'production');
  expect(changes.map(({ id }) => id).slice(0, 2)).toEqual(ids);
  expect(changes).toHaveLength(3);
  const costs = rows.find(({ id }) => id === 'events')?.costs ?? [];
  // Nothing failed in these hours, which is a price; the one of four days ago is neither the last nor of the last day.
  expect(costs.map(({ change, failed }) => [change, failed])).toEqual(ids.map((id) => [id, 0]));
});
