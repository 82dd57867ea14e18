import { expect, test } from 'vitest';
import { Slo } from '@/lib/config/slo';
import { LedgerView } from './contract';
import { add, change, config, db, openLedgerWorld, people, slo, view } from './testing/world';
import { ledgerView } from './view';

openLedgerWorld();

const inSlices = async (method: object) => {
  const slos = config.slos.map((one) =>
    one.id === slo
      ? Slo.parse({ id: one.id, service: one.service, name: one.name, objective: '99', method })
      : one,
  );
  const ask = { slo, exclusions: 'applied', horizonHours: 4 } as const;
  return LedgerView.parse(await ledgerView({ ...config, slos }, ask, people.sre, db));
};

test('an objective of events has no slices', async () => {
  const { slices, lines } = await view();
  expect([slices, lines.every((line) => line.slices === null)]).toEqual([null, true]);
});

test('each line of an objective of time slices says which bad slices it caused, and all are what was spent', async () => {
  const { number } = await change();
  const entry = await add();
  // 5 % of three slices failed by the release, 2 % of six by the fail-over; 0.01 % of all others is good.
  const { slices, lines } = await inSlices({ timeslices: '5m', target: '99' });
  const line = (id: string) => lines.find((one) => one.id === id)?.slices;
  const budget = 0.01 * (slices?.total ?? 0);
  expect(slices).toMatchObject({
    sliceSeconds: 300,
    total: 2 * 865,
    budget: expect.closeTo(17.3, 9),
    spent: { slices: 9, seconds: 2700, share: expect.closeTo(9 / budget, 9) },
    unexplained: { slices: expect.closeTo(0, 9) },
  });
  expect(line(`change:${number}`)).toMatchObject({
    gross: { slices: 3 },
    net: { slices: 3, seconds: 900, share: expect.closeTo(3 / budget, 9) },
  });
  expect(line(`entry:${entry.id}`)?.net).toMatchObject({ slices: 6, seconds: 1800 });
  for (const one of lines) {
    expect(one.slices?.low.slices).toBeLessThanOrEqual(one.slices?.net.slices ?? -1);
    expect(one.slices?.high.slices).toBeGreaterThanOrEqual(one.slices?.net.slices ?? 99);
  }
  const byCause = Object.fromEntries(
    slices?.byCause.map(({ cause, cost }) => [cause, Math.round(cost.slices)]) ?? [],
  );
  expect(byCause).toMatchObject({ change: 3, incident: 6, unexplained: 0, canary: 0 });
  const sum = lines.reduce(
    (all, one) => all + (one.slices?.net.slices ?? 0),
    slices?.unexplained.slices ?? 0,
  );
  expect(sum).toBeCloseTo(slices?.spent.slices ?? -1, 9);
});

test('a stricter slice makes the few failures of every slice count, and only what is more is caused', async () => {
  const { slices, lines } = await inSlices({ timeslices: '5m', target: '99.999' });
  expect(slices?.spent.slices).toBe(2 * 865);
  expect(lines).toHaveLength(2);
  for (const one of lines) expect(one.slices?.net.slices).toBeCloseTo(0, 6);
});
