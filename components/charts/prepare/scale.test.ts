import { describe, expect, it } from 'vitest';
import { labelSides, liftToFoot, linearScale, logFoot, logScale } from './scale';

const line = (...values: (number | null)[]) => [
  { name: 'a', points: values.map((value, index): [number, number | null] => [index * 60, value]) },
];

describe('scales', () => {
  it('leaves a threshold far above the data out', () => {
    const scale = linearScale(line(1, 2), [{ value: 4 }, { value: 400 }]);
    expect(scale.thresholds).toEqual([{ value: 4 }]);
    expect(scale.domain[1]).toBeGreaterThanOrEqual(4);
  });

  it('keeps a given domain and all its thresholds', () => {
    expect(linearScale(line(0.5), [{ value: 0 }], [-1, 1])).toEqual({
      domain: [-1, 1],
      ticks: null,
      thresholds: [{ value: 0 }],
    });
  });

  it('spans decades up to the highest threshold', () => {
    const scale = logScale(line(0.2), [{ value: 3 }, { value: 14.4 }]);
    expect(scale.domain[0]).toBe(logFoot);
    expect(scale.ticks).toEqual([0.1, 1, 3, 14.4]);
  });

  it('draws zero on the foot and keeps gaps', () => {
    expect(
      liftToFoot([
        [0, 0],
        [60, null],
        [120, 2],
      ]),
    ).toEqual([
      [0, logFoot],
      [60, null],
      [120, 2],
    ]);
  });

  it('names a threshold at the left when its name would lie on another', () => {
    const three = [{ value: 75 }, { value: 80 }, { value: 90 }];
    expect(labelSides(three, [0, 100], 140)).toEqual(['left', 'right', 'right']);
    expect(labelSides(three, [0, 5000], 140)).toEqual([null, 'left', 'right']);
    expect(labelSides(three, [0, 100], 400)).toEqual(['right', 'right', 'right']);
  });
});
