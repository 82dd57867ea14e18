import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Enumerated, enumerate, isDecisive, problemsOf } from './testing/generate';
import { killAt } from './testing/kill';
import { kinds, tellFigures } from './testing/kinds';
import { type Simulation, startSimulation } from './testing/simulation';

/** `npm run test:schedules` kills at fifty points and more; here at those around the write. */
let sim: Simulation;
let deploy: Enumerated;

beforeAll(async () => {
  sim = await startSimulation();
  tellFigures(sim);
  const [kind] = kinds;
  if (kind === undefined) throw new Error('There is no kind.');
  deploy = await enumerate(sim, kind);
});
afterAll(async () => {
  await sim.stop();
});

test('kill -9 at a point leaves what a crash there leaves', { timeout: 600_000 }, async () => {
  const decisive = deploy.points.flatMap((name, index) => (isDecisive(name) ? [index + 1] : []));
  const write = deploy.points.indexOf('before cluster PATCH') + 1;
  const around = decisive.filter((point) => point >= write - 3 && point <= write + 16).slice(0, 4);
  const wanted = [...new Set([2, decisive[0] ?? 1, ...around, write - 10, write - 20])];
  let killed = 0;
  for (const point of wanted) {
    const outcome = await killAt(sim, deploy, point);
    if (outcome === null) continue;
    killed += 1;
    expect(problemsOf({ ...deploy, lives: [] }, outcome), `killed at ${point}`).toEqual([]);
  }
  process.stdout.write(`Killed with SIGKILL at ${killed} points.\n`);
  expect(killed).toBeGreaterThanOrEqual(6);
});
