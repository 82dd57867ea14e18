import { expect, test } from 'vitest';
import { sentDays, sentFleet } from '../view';
import { Fleet, FleetDays } from './contract';
import { linesOf } from './lines';
import { bad, config, list, numbersOf, openFleetRoom, rowOf } from './testing/room';

openFleetRoom();

const read = ({ body }: { body: Uint8Array }): unknown => JSON.parse(new TextDecoder().decode(body));
const fresh = () => {
  globalThis.signalboxFleetLists = undefined;
};

test('the list is sent as it is read, once for everybody, with a tag of what it says', async () => {
  fresh();
  const all = await Promise.all(Array.from({ length: 20 }, () => sentFleet(config, 'production')));
  expect(new Set(all.map(({ tag }) => tag)).size).toBe(1);
  const [first] = all;
  if (first === undefined) throw new Error('nothing was sent');
  const sent = linesOf(Fleet.parse(read(first)));
  const rows = await list();
  expect(sent.rows.map(({ id, word }) => [id, word])).toEqual(rows.rows.map(({ id, word }) => [id, word]));
  const [mine, theirs] = [sent.rows.find(({ id }) => id === 'events'), rowOf(rows, 'events')];
  expect(mine?.numbers.state).toBe('fresh');
  expect(mine?.numbers.state === 'fresh' ? mine.numbers.value.failuresLeft : null).toBe(
    numbersOf(theirs).failuresLeft,
  );
  expect(mine?.groups.map(({ labels, numbers }) => [labels, numbers.bad])).toEqual(
    theirs.groups.map(({ labels, numbers }) => [labels, numbers.bad]),
  );
});

test('the days of the list are what the database holds of each', async () => {
  fresh();
  const { days, rows } = FleetDays.parse(read(await sentDays(config, 'production')));
  const spent = rows.find(({ id }) => id === 'events')?.spent ?? [];
  const numbers = numbersOf(rowOf(await list(), 'events'));
  // One hour of failures, which may lie on both sides of midnight.
  const hit = new Set([bad.from, bad.to - 1].map((at) => new Date(at * 1000).toISOString().slice(0, 10)));
  const told = days.filter((_day, index) => (spent[index] ?? 0) > 0);
  expect(told).toEqual([...hit]);
  const sum = spent.reduce<number>((all, one) => all + (one ?? 0), 0);
  expect(sum).toBeCloseTo(1 - (numbers.budgetLeft ?? Number.NaN), 3);
  // Seven days and the part of the first one.
  expect(spent.filter((one) => one !== null).length).toBeGreaterThanOrEqual(7);
  await expect(async () => sentDays(config, 'nowhere')).rejects.toMatchObject({ code: 'not-found' });
});
