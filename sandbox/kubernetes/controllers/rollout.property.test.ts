import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RESOURCES } from './context';
import { maxSurge, maxUnavailable } from './deployment-limits';
import { isActive, isReady } from './pod-facts';
import { conditionOf } from './read';
import {
  behaviourByTag,
  changeSpec,
  createDeployment,
  deploymentOf,
  isRolledOut,
  NAMESPACE,
  podsOf,
  rollOut,
  seeded,
  setImage,
  setsOf,
  testCluster,
} from './test-cluster';

const CASES = 100;
const outcomes = ['ok', 'never-ready', 'crash', 'oom', 'image-missing', 'not-live'] as const;

const limit = fc.oneof(
  fc.integer({ min: 0, max: 4 }),
  fc.integer({ min: 0, max: 100 }).map((percent) => `${percent}%`),
);

const shape = fc.record({
  replicas: fc.integer({ min: 1, max: 8 }),
  surge: limit,
  unavailable: limit,
  minReadySeconds: fc.integer({ min: 0, max: 5 }),
  outcome: fc.constantFrom(...outcomes),
  startSeconds: fc.integer({ min: 1, max: 40 }).map((tenths) => tenths / 10),
  readySeconds: fc.integer({ min: 0, max: 40 }).map((tenths) => tenths / 10),
  /** Seconds after which the rollout is undone half-way; null waits for its end. */
  undoAfter: fc.option(fc.integer({ min: 0, max: 25 }), { nil: null }),
  seed: fc.integer(),
});

describe('any rolling update', () => {
  it('keeps its limits at every moment, ends complete or at its deadline, and goes back to the old ReplicaSet', () => {
    let cases = 0;
    fc.assert(
      fc.property(shape, (given) => {
        cases += 1;
        const cluster = testCluster({
          random: seeded(given.seed),
          pods: {
            ...behaviourByTag,
            startSeconds: () => given.startSeconds,
            readySeconds: () => given.readySeconds,
          },
        });
        createDeployment(cluster, {
          replicas: given.replicas,
          spec: {
            minReadySeconds: given.minReadySeconds,
            progressDeadlineSeconds: 60,
            strategy: {
              type: 'RollingUpdate',
              rollingUpdate: { maxSurge: given.surge, maxUnavailable: given.unavailable },
            },
          },
        });
        rollOut(cluster);
        const least = given.replicas - maxUnavailable(deploymentOf(cluster));
        const most = given.replicas + maxSurge(deploymentOf(cluster));
        const [first] = setsOf(cluster);
        const seen = watchLimits(cluster);

        setImage(cluster, given.outcome === 'ok' ? 'api:2' : `api:${given.outcome}`);
        // A container that dies after it was ready may have let the rollout finish; its pods fall on their own.
        const dies = ['crash', 'oom', 'not-live'].includes(given.outcome);
        if (given.undoAfter === null) {
          const hasEnded = () => isRolledOut(deploymentOf(cluster)) || isStuck();
          expect(cluster.clock.advanceUntil(hasEnded, 1_200_000)).toBe(true);
          if (!dies) expect(isStuck()).toBe(given.outcome !== 'ok');
        }
        cluster.clock.advance((given.undoAfter ?? 10) * 1000);

        setImage(cluster, 'api:1');
        rollOut(cluster, 1200);
        expect(setsOf(cluster).find((set) => Number(set.spec?.['replicas']) > 0)?.metadata.uid).toBe(
          first?.metadata.uid,
        );
        expect(setsOf(cluster).length).toBeLessThanOrEqual(2);
        expect(podsOf(cluster).filter(isActive)).toHaveLength(given.replicas);
        if (!dies) expect(Math.min(...seen.ready)).toBeGreaterThanOrEqual(least);
        expect(Math.max(...seen.active)).toBeLessThanOrEqual(most);
        cluster.controllers.stop();
        expect(cluster.clock.pending).toBe(0);

        function isStuck(): boolean {
          const progressing = conditionOf(deploymentOf(cluster), 'Progressing');
          return progressing?.['reason'] === 'ProgressDeadlineExceeded';
        }
      }),
      { numRuns: CASES },
    );
    expect(cases).toBe(CASES);
  }, 120_000);
});

/** After every pod event: how many pods were ready, and how many not on their way out. */
function watchLimits(cluster: ReturnType<typeof testCluster>) {
  const seen = { ready: [Number.POSITIVE_INFINITY], active: [0] };
  cluster.store.subscribe((resource) => {
    if (resource !== RESOURCES.pods) return;
    const active = podsOf(cluster).filter(isActive);
    seen.active.push(active.length);
    seen.ready.push(active.filter(isReady).length);
  });
  return seen;
}

describe('any scaling', () => {
  it('in the middle of a rollout ends complete at the last size asked for', () => {
    let cases = 0;
    const steps = fc.array(
      fc.record({ replicas: fc.integer({ min: 0, max: 9 }), seconds: fc.integer({ min: 0, max: 6 }) }),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(steps, fc.boolean(), (sizes, recreate) => {
        cases += 1;
        const cluster = testCluster();
        createDeployment(cluster, { replicas: 4, spec: recreate ? { strategy: { type: 'Recreate' } } : {} });
        rollOut(cluster);
        setImage(cluster, 'api:2');
        for (const { replicas, seconds } of sizes) {
          cluster.clock.advance(seconds * 1000);
          changeSpec(cluster, { replicas });
        }
        rollOut(cluster);
        const images = cluster.store.list(RESOURCES.pods, NAMESPACE).filter(isActive);
        expect(images).toHaveLength(sizes.at(-1)?.replicas ?? -1);
        cluster.controllers.stop();
      }),
      { numRuns: 50 },
    );
    expect(cases).toBe(50);
  }, 120_000);
});
