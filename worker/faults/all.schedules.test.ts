import { expect, test } from 'vitest';
import { sequenceAudit } from '@/lib/audit/sequence';
import { openCampaign } from './testing/campaign';
import { checkChain } from './testing/checker/chain';
import type { Anchor } from './testing/checker/history';
import { crashes, problemsOf } from './testing/generate';
import { killAt } from './testing/kill';
import { kinds, tellFigures } from './testing/kinds';
import { startSimulation } from './testing/simulation';

/** `npm run test:schedules`: a crash at every await of every kind, then thousands of mixtures. */
const RANDOM = 1500;
const WANTED = 3000;
const BATCH = 100;
const SEED = 8;

const campaign = openCampaign({ start: startSimulation, tell: tellFigures, kinds });
const { all, ground, runEach } = campaign;
const anchors: Anchor[] = [];

/** Puts what was staged in sequence and notes the root outside the database. */
async function noteRoot(): Promise<void> {
  const { db, admin } = ground();
  await sequenceAudit(db);
  const { rows } = await admin.query<{ size: string; root: Buffer }>('SELECT size, root FROM audit.head');
  const [head] = rows;
  if (head !== undefined) anchors.push({ size: Number(head.size), root: head.root.toString('hex') });
}

test('a crash at every point of every kind ends in the one right way', async () => {
  for (const one of all) {
    const tally = await runEach(crashes(one));
    process.stdout.write(`${one.kind.name}: ${tally.run} crash points.\n`);
    expect(tally.wrong).toEqual([]);
    await noteRoot();
  }
});

test('crashes, stops, lost answers and orders in any mixture break no invariant', async () => {
  const mixture = campaign.mixtures(SEED);
  for (let done = 0; done < RANDOM; done += BATCH) {
    expect((await mixture(BATCH)).wrong).toEqual([]);
    await noteRoot();
  }
});

test('kill -9 at fifty points and more leaves what a crash there leaves', async () => {
  let killed = 0;
  for (const one of all) {
    const step = Math.floor(one.points.length / 12);
    for (let point = 1; point < one.points.length - step; point += step) {
      const outcome = await killAt(ground(), one, point);
      if (outcome === null) continue;
      killed += 1;
      expect(problemsOf({ ...one, lives: [] }, outcome), `${one.kind.name}, killed at ${point}`).toEqual([]);
    }
  }
  campaign.count(killed);
  process.stdout.write(`Killed with SIGKILL at ${killed} points.\n`);
  expect(killed).toBeGreaterThanOrEqual(50);
});

test('as many schedules were run as are asked for', () => {
  const run = campaign.run();
  process.stdout.write(`Schedules: ${run} run, seed ${SEED}.\n`);
  expect(run).toBeGreaterThanOrEqual(WANTED);
});

test('the audit log of all of them has every root that was noted outside', async () => {
  const { rows } = await ground().admin.query<{ body: string }>('SELECT body FROM audit.entry ORDER BY seq');
  expect(
    checkChain(
      rows.map(({ body }) => body),
      anchors,
    ),
  ).toEqual([]);
  expect(anchors.length).toBeGreaterThan(RANDOM / BATCH);
});
