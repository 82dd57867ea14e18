import { expect, test } from 'vitest';
import { stagedPlan } from '../testing/staged-plan';
import { groupByRegion, scheduleOf, timelineOf } from './schedule';

test('steps begin when those before them are usually over, and stand below their region', () => {
  const steps = scheduleOf(stagedPlan);
  expect(steps).toHaveLength(17);
  expect(steps[4]).toMatchObject({
    n: 5,
    region: 'us-east-1',
    startsSeconds: 40,
    usualSeconds: 600,
    share: 0.05,
  });
  expect(steps[16]).toMatchObject({ n: 17, region: null, startsSeconds: 1440, share: null });
  expect(groupByRegion(steps).map(({ region, steps: own }) => [region, own.length])).toEqual([
    ['us-east-1', 8],
    ['eu-west-1', 8],
    [null, 1],
  ]);
});

test('a title loses the region that it stands below', () => {
  const [step, ...rest] = stagedPlan.steps;
  if (step === undefined) throw new Error('The plan has no steps.');
  const titled = { ...stagedPlan, steps: [{ ...step, title: 'us-east-1: start 3 pods' }, ...rest] };
  expect(scheduleOf(titled)[0]?.title).toBe('Start 3 pods');
});

test('a step without a usual time moves nothing, and what comes after it starts then at the earliest', () => {
  const steps = stagedPlan.steps.map((step) => (step.n === 2 ? { ...step, usualSeconds: null } : step));
  const schedule = scheduleOf({ ...stagedPlan, steps });
  expect(schedule[4]?.startsSeconds).toBe(30);
  expect(schedule.map(({ isEarliest }) => isEarliest)).toEqual(schedule.map(({ n }) => n > 2));
  expect(timelineOf({ ...stagedPlan, steps }).isEarliest).toBe(true);
});

test('the shares of each region step up at their time', () => {
  expect(timelineOf(stagedPlan)).toEqual({
    totalSeconds: 1440 + 1800,
    isEarliest: false,
    regions: [
      {
        region: 'us-east-1',
        moments: [
          { atSeconds: 0, share: 0 },
          { atSeconds: 30, share: 0.05 },
          { atSeconds: 650, share: 1 },
        ],
      },
      {
        region: 'eu-west-1',
        moments: [
          { atSeconds: 0, share: 0 },
          { atSeconds: 750, share: 0.05 },
          { atSeconds: 1370, share: 1 },
        ],
      },
    ],
  });
});
