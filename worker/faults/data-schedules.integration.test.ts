import { expect, test } from 'vitest';
import { openCampaign } from './testing/campaign';
import { dataKinds } from './testing/data-kinds';
import { startDataSimulation } from './testing/data-simulation';
import { crashes, type Enumerated, isDecisive } from './testing/generate';
import { dataMutants } from './testing/mutants';
import { runSchedule } from './testing/run-schedule';

/**
 * Changes of databases over a real PostgreSQL 15; `npm run test:schedules` runs the crashes at every point.
 */
const WANTED = { crashes: 50, random: 10 };
/** Points of each kind beside the decisive ones. */
const OTHERS = 4;
const SEED = 41;
const timeout = 600_000;

const campaign = openCampaign({ start: startDataSimulation, tell: () => {}, kinds: dataKinds });
const { all, ground, runEach } = campaign;
const kindOf = (name: string): Enumerated => {
  const found = all.find(({ kind }) => kind.name === name);
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found;
};

test('a crash at any point of a change of a database ends in the one right way', { timeout }, async () => {
  for (const one of all) {
    // Every decisive point, and of the others some, other ones in each kind.
    const others = one.points.length / OTHERS;
    const schedules = crashes(one, (index, name) => isDecisive(name) || index % others < 1);
    const tally = await runEach(schedules);
    process.stdout.write(`${one.kind.name}: ${tally.run} of ${one.points.length} points.\n`);
    expect(tally.wrong).toEqual([]);
  }
  expect(campaign.run()).toBeGreaterThanOrEqual(WANTED.crashes);
});

test('crashes, stops, lost answers and orders in any mixture break no invariant', { timeout }, async () => {
  const tally = await campaign.mixtures(SEED)(WANTED.random);
  expect(tally.wrong).toEqual([]);
  expect(tally.run).toBe(WANTED.random);
});

/** Around the order to the served database: before it is sent, before it arrives, before its answer is read. */
const aroundTheOrder = ({ points }: Enumerated): number[] => {
  const order = points.findIndex((name) => name.startsWith('before served act')) + 1;
  return [-3, -2, -1, 0, 1, 2].map((offset) => order + offset);
};

test('a worker that stands still around its order ends no session late', { timeout }, async () => {
  for (const one of all.filter(({ kind }) => kind.isUsedUp === true)) {
    const stopped = aroundTheOrder(one).map((stopAt) => ({ ...one, lives: [{ stopAt }] }));
    // Somebody aborts while it stands: another worker goes back before it goes on.
    const aborted = stopped.map((schedule) => ({
      ...schedule,
      whileStanding: 'abort' as const,
    }));
    expect((await runEach([...stopped, ...aborted])).wrong).toEqual([]);
  }
});

test('a question or an answer of the served database that is lost is found out', { timeout }, async () => {
  for (const one of all.filter(({ kind }) => kind.isUsedUp === true)) {
    const asked = one.points.filter((name) => /^before served (?!connect)/.test(name));
    const order = asked.findIndex((name) => name.startsWith('before served act')) + 1;
    const schedules = [order - 2, order - 1, order, order + 1, order + 2].flatMap((n) =>
      (['question', 'answer'] as const).map((lost) => ({ ...one, lives: [{ served: [{ n, lost }] }] })),
    );
    expect((await runEach(schedules)).wrong).toEqual([]);
  }
});

test('the checker sees a product that compares no start of a session', { timeout }, async () => {
  const one = kindOf('end-session of a number that is taken over');
  const { violations } = await runSchedule(ground(), {
    ...one,
    lives: [],
    mutant: dataMutants['compares no start of a session'](),
  });
  expect(violations.map(({ invariant }) => invariant)).toContain('D2');
});

test('the checker sees a product that limits no order in time', { timeout }, async () => {
  const one = kindOf('end-session');
  const stopAt = one.points.findIndex((name) => name.startsWith('before served act')) + 1;
  const { violations } = await runSchedule(ground(), {
    ...one,
    lives: [{ stopAt }],
    whileStanding: 'abort',
    mutant: dataMutants['limits no order in time'](),
  });
  expect(violations.map(({ invariant }) => invariant)).toContain('D3');
});

test('the checker sees a product that knows no copy of its own', { timeout }, async () => {
  const { admin } = ground();
  // The last test of this file: nothing puts the index back.
  await admin.query('DROP INDEX backup_copy_one_of_change');
  const { violations } = await runSchedule(ground(), {
    ...kindOf('backup'),
    lives: [],
    mutant: dataMutants['knows no copy of its own'](),
  });
  expect(violations.map(({ invariant }) => invariant)).toContain('D1');
});
