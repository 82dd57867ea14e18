import colors from 'picocolors';
import { monitoringPrograms } from '../binaries/monitoring';
import { generate } from '../generate/generate';
import { describeError } from '../setup/user-error';
import type { Counts } from './counts';
import { applyFloor, type Floors, raised, readFloors, writeFloors } from './floor';
import { lastLines, secondAttempts, slowestFiles } from './report';
import { type Runner, runOne, turns } from './runners';

/**
 * Runs the runners, turn after turn, prints each one's count and failures as it ends, then who needed a second
 * attempt, the slowest files and the totals. Returns the exit code.
 */
export async function runSuite(names: readonly Runner[], options: { raiseFloor: boolean }): Promise<number> {
  await generate();
  await fetchPrograms(names);
  const floors = readFloors();
  const found = new Map<Runner, Counts>();
  for (const lanes of turns) {
    await Promise.all(
      lanes.map(async (lane) => {
        for (const name of lane) if (names.includes(name)) found.set(name, await runAndTell(name, floors));
      }),
    );
  }
  const results: Record<string, Counts> = {};
  for (const name of names) results[name] = found.get(name) ?? (await runAndTell(name, floors));
  if (options.raiseFloor) writeFloors(raised(floors, results));
  const again = secondAttempts(results);
  if (again !== null) console.log(`\n${again}`);
  console.log(`\nSlowest files:\n${slowestFiles(results)}\n`);
  console.log(lastLines(results));
  return Object.values(results).some((counts) => counts.failed > 0) ? 1 : 0;
}

async function runAndTell(name: Runner, floors: Floors): Promise<Counts> {
  const startedAt = performance.now();
  const counts = applyFloor(name, await runOne(name), floors);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const line = `${name}: ${counts.passed} passed, ${counts.failed} failed (${seconds} s)`;
  console.log(counts.failed > 0 ? colors.red(line) : line);
  for (const failure of counts.failures) console.log(`${failure.replace(/^/gm, '    ')}\n`);
  return counts;
}

/** Prometheus for the tests that need it; when it cannot be had, those tests fail by themselves. */
async function fetchPrograms(names: readonly Runner[]): Promise<void> {
  if (!names.includes('integration') && !names.includes('e2e')) return;
  try {
    await monitoringPrograms((name) => console.log(`Fetching Debian's package ${name} …`));
  } catch (error) {
    console.error(describeError(error));
  }
}
