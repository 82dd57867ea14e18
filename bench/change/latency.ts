import { percentile } from '../report/percentile';
import { abort, ask, reaches, sign, written } from './acts';
import type { Measured } from './figures';
import { versions, type World } from './world';

const samples = 40;
const p95 = (values: readonly number[]): number => percentile(values, 0.95);

/**
 * One change after the other, so that each finds workers that have nothing else to decide: the click of the last
 * sign-off, then Abort in mid-rollout; again, then Abort while the new version is watched.
 */
export async function latencies(world: World, progress: (line: string) => void): Promise<Measured> {
  const approvals: number[] = [];
  const aborts: number[] = [];
  const rollbacks: number[] = [];
  for (let index = 0; index < samples; index += 1) {
    const slow = await ask(world, index, versions.slow);
    const signedAt = await sign(world, slow);
    approvals.push((await written(world, index, versions.slow, signedAt)) - signedAt);
    await reaches(world, slow, 'Running');
    const abortedAt = await abort(world, slow);
    aborts.push((await written(world, index, versions.old, abortedAt)) - abortedAt);
    await reaches(world, slow, 'BackedOut');

    const quick = await ask(world, index, versions.quick);
    await sign(world, quick);
    await reaches(world, quick, 'Watching');
    const backAt = await abort(world, quick);
    rollbacks.push((await written(world, index, versions.old, backAt)) - backAt);
    await reaches(world, quick, 'BackedOut');
  }
  const told = { approvals, aborts, rollbacks };
  for (const [name, values] of Object.entries(told)) progress(`${name}: ${spread(values)}.`);
  return {
    approval_to_write_p95_ms: p95(approvals),
    abort_p95_ms: p95(aborts),
    rollback_p95_ms: p95(rollbacks),
  };
}

export const spread = (values: readonly number[]): string =>
  `fastest ${Math.min(...values).toFixed(0)}, p50 ${percentile(values, 0.5).toFixed(0)}, p95 ${p95(values).toFixed(0)}, slowest ${Math.max(...values).toFixed(0)}`;
