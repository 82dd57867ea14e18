import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { repositoryRoot } from '../setup/root';
import type { Counts } from './counts';

const FILE = path.join(repositoryRoot, 'scripts/test-floor.json');
const Floors = z.record(z.string(), z.int().min(0));

/** The least number of tests per runner; it is kept in the repository and only rises. */
export type Floors = z.infer<typeof Floors>;

export const readFloors = (): Floors => Floors.parse(JSON.parse(fs.readFileSync(FILE, 'utf8')));

/** A runner with fewer tests than its floor fails by as many as are missing: they could not run. */
export function applyFloor(runner: string, counts: Counts, floors: Floors): Counts {
  const floor = floors[runner] ?? 0;
  const missing = floor - (counts.passed + counts.failed);
  if (missing <= 0) return counts;
  const text = `${runner}: ${missing} of at least ${floor} tests did not run (scripts/test-floor.json).`;
  return { ...counts, failed: counts.failed + missing, failures: [...counts.failures, text] };
}

/** The floors after a run: each the larger of what it was and what passed. */
export function raised(floors: Floors, results: Record<string, Counts>): Floors {
  const next = { ...floors };
  for (const [runner, counts] of Object.entries(results)) {
    next[runner] = Math.max(floors[runner] ?? 0, counts.passed);
  }
  return next;
}

export function writeFloors(floors: Floors): void {
  fs.writeFileSync(FILE, `${JSON.stringify(floors, null, 2)}\n`);
}
