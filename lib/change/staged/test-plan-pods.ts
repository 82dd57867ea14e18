import type { BackStep, PlannedObject, StagedStep } from './contract';
import { keyOf, objectsOf, PODS, template } from './test-plan';

/** A gradual deploy where one Service selects the pods of both colours, as tests of decisions need it. */

export const objectsByPods = (regions: readonly string[]): PlannedObject[] =>
  objectsOf(regions).flatMap((object) => {
    if (object.part === 'router') return [];
    return object.part === 'old'
      ? [{ ...object, baseline: { ...object.baseline, replicas: PODS } }]
      : [object];
  });

export const stepsByPods = (regions: readonly string[]): StagedStep[] => [
  ...regions.flatMap((region): StagedStep[] => {
    const fresh = keyOf(region, 'new');
    const old = keyOf(region, 'old');
    return [
      { do: 'write', object: fresh, set: { template: template('api:3'), replicas: 1, paused: false } },
      { do: 'ready', object: fresh, pods: 1, service: null },
      { do: 'prove', region, share: 0.2 },
      { do: 'hold', region, share: 0.2, seconds: 60, minRequests: 10 },
      { do: 'write', object: fresh, set: { replicas: PODS } },
      { do: 'ready', object: fresh, pods: PODS, service: null },
      { do: 'drain', object: old, seconds: 10 },
      { do: 'write', object: old, set: { replicas: 0 } },
      { do: 'prove', region, share: 1 },
    ];
  }),
  { do: 'watch', seconds: 60 },
];

export const backByPods = (regions: readonly string[]): BackStep[] =>
  regions.toReversed().flatMap((region): BackStep[] => [
    { do: 'write', object: keyOf(region, 'old'), title: 'Start the old pods again' },
    { do: 'ready', object: keyOf(region, 'old'), pods: PODS, title: 'Old pods are ready' },
    { do: 'drain', object: keyOf(region, 'new'), seconds: 10, title: 'Drain' },
    { do: 'write', object: keyOf(region, 'new'), title: `Put the pods of ${region} back` },
  ]);
