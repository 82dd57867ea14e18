import { expect, test } from 'vitest';
import { type ChangeFact, observeChanges } from './measures';

const DAY = 86_400;
const span = { from: 0, to: 30 * DAY };
const [east, west] = ['api/production/east', 'api/production/west'];
let number = 0;

const deploy = (endedAt: number, more: Partial<ChangeFact> = {}): ChangeFact => {
  number += 1;
  return {
    ...{ number, kind: 'deploy', places: [east, west], fromVersion: 'v1', toVersion: `v${number + 1}` },
    ...{ state: 'Succeeded', wrote: true, goesBack: false, reverts: null },
    ...{ createdAt: endedAt - 1000, startedAt: endedAt - 600, finishedAt: endedAt },
    ...more,
  };
};
const rollback = (endedAt: number, more: Partial<ChangeFact>) =>
  deploy(endedAt, { kind: 'rollback', goesBack: true, ...more });
const numbers = (facts: readonly { number: number }[]) => facts.map((one) => one.number);

test('one over two regions is one deployment, and fails when a rollback takes it back in either', () => {
  const both = deploy(DAY, { places: [east, west] });
  for (const places of [[east], [west], [west, east]]) {
    const back = rollback(2 * DAY, { places, reverts: both.number });
    const seen = observeChanges([both, back], span);
    expect(numbers(seen.deployments)).toEqual([both.number]);
    expect(numbers(seen.undone)).toEqual([both.number]);
    expect(seen.failures).toHaveLength(1);
    expect(seen.failures[0]?.recoveredAt).toBe(2 * DAY);
  }
});

test('one that failed over two regions is well again when both are', () => {
  const bad = deploy(DAY, { places: [east, west], state: 'Failed' });
  const mended = (...fixes: ChangeFact[]) =>
    observeChanges([bad, ...fixes], span).failures.find(({ change }) => change.number === bad.number)
      ?.recoveredAt;
  const first = deploy(DAY + 1000, { places: [west] });
  expect(mended(first)).toBeNull();
  expect(mended(first, deploy(DAY + 2000, { places: [east] }))).toBe(DAY + 2000);
  expect(numbers(observeChanges([bad, first], span).mending)).toEqual([first.number]);
});
