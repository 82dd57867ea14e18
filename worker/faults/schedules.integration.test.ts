import { expect, test } from 'vitest';
import { openCampaign } from './testing/campaign';
import { crashes, type Enumerated, isDecisive } from './testing/generate';
import { kinds, tellFigures } from './testing/kinds';
import { mutantNames, mutants } from './testing/mutants';
import { runSchedule } from './testing/run-schedule';
import { startSimulation } from './testing/simulation';

/**
 * Changes of one Deployment, as many as a minute takes; staged-schedules.integration.test.ts has the staged ones.
 * `npm run test:schedules` runs every crash point and thousands beside them.
 */
const WANTED = { crashes: 140, random: 30 };
const SEED = 4;
const timeout = 600_000;

const campaign = openCampaign({ start: startSimulation, tell: tellFigures, kinds });
const { all, ground, runEach } = campaign;

test('a crash at any point of any kind ends in the one right way', { timeout }, async () => {
  // Every decisive point of every kind, and of the others as many as there is time for, other ones in each kind.
  const decisive = all.flatMap((one) => crashes(one, (_, name) => isDecisive(name)));
  const rest = all.flatMap((one) => crashes(one, (_, name) => !isDecisive(name)));
  const step = Math.floor(rest.length / Math.max(20, WANTED.crashes - decisive.length));
  const tally = await runEach([...decisive, ...rest.filter((_, index) => index % step === 0)]);
  expect(tally.wrong).toEqual([]);
  // A run that is quicker than the enumerated one may end before the point is reached.
  expect(tally.crashed).toBeGreaterThanOrEqual(0.9 * tally.run);
});

test('crashes, stops, lost answers and orders in any mixture break no invariant', { timeout }, async () => {
  expect((await campaign.mixtures(SEED)(WANTED.random)).wrong).toEqual([]);
});

test('as many schedules were run as are asked for', () => {
  const run = campaign.run();
  process.stdout.write(`Schedules: ${run} run, seed ${SEED}.\n`);
  expect(run).toBeGreaterThanOrEqual(WANTED.crashes + WANTED.random);
});

/** A worker that stands still around its write while another one takes over. */
const aroundTheWrite = ({ points }: Enumerated): number[] => {
  const write = points.indexOf('before cluster PATCH');
  return [-1, 0, 1, 2, 3].map((offset) => write + 1 + offset);
};

test('a worker that stands still around its write breaks nothing', { timeout }, async () => {
  for (const one of all) {
    const schedules = aroundTheWrite(one).map((stopAt) => ({ ...one, lives: [{ stopAt }] }));
    expect((await runEach(schedules)).wrong).toEqual([]);
  }
});

const caughtBy = {
  'leaves no fence': 'I1',
  'compares no fence': 'I1',
  'announces no write': 'I2',
  'asks for no lease': 'I1',
} as const satisfies Record<keyof typeof mutants, string>;

test.each(mutantNames)('the checker sees a product that %s', { timeout }, async (name) => {
  const [deploy] = all;
  if (deploy === undefined) throw new Error('There is no kind.');
  const caught: string[] = [];
  for (const stopAt of aroundTheWrite(deploy)) {
    const { violations } = await runSchedule(ground(), {
      ...deploy,
      lives: [{ stopAt }],
      mutant: mutants[name],
    });
    caught.push(...violations.map(({ invariant }) => invariant));
    if (caught.includes(caughtBy[name])) break;
  }
  expect(caught).toContain(caughtBy[name]);
});

test('a person may pause any kind and resume it', { timeout }, async () => {
  const good = all.filter(({ kind }) => kind.state === 'Succeeded');
  for (const { kind, prepared } of good) {
    const outcome = await runSchedule(ground(), {
      kind,
      prepared,
      lives: [],
      orders: [{ pause: 1, order: 'pause' }],
    });
    expect(outcome.violations, kind.name).toEqual([]);
    expect(outcome.state, kind.name).toBe('Succeeded');
  }
});
