import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { takeSamples } from './samples-text';
import { sampleValue } from './schema';

const answer = (result: unknown) =>
  JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });

describe('samples taken out of an answer', () => {
  test('are those that JSON holds, to the last bit, whatever the numbers and labels', () => {
    let cases = 0;
    const seconds = fc.oneof(
      fc.integer({ min: 0, max: 4_000_000_000 }),
      fc.integer({ min: 0, max: 4_000_000_000_000 }).map((millis) => millis / 1000),
    );
    const value = fc.oneof(
      fc.double().map((one) => (Number.isFinite(one) ? String(one) : one > 0 ? '+Inf' : '-Inf')),
      fc.nat().map(String),
      fc.bigInt({ min: 0n, max: 10n ** 22n }).map(String),
      fc.tuple(fc.nat(), fc.nat({ max: 1e9 })).map(([whole, rest]) => `${whole}.${rest}`),
      fc.constantFrom(
        'NaN',
        '-Inf',
        '+Inf',
        '0',
        '-0',
        '5e-324',
        '1.7976931348623157e+308',
        '0.1',
        '.5',
        '5.',
        '1.2.3',
      ),
    );
    const label = fc.oneof(fc.string(), fc.constantFrom('"values":[[1,"2"]]', '\\"values\\":[[', 'values'));
    const series = fc.record({
      metric: fc.dictionary(label, label),
      values: fc.array(fc.tuple(seconds, value), { minLength: 1 }),
    });
    fc.assert(
      fc.property(fc.array(series), (result) => {
        cases += 1;
        const taken = takeSamples(answer(result));
        expect(taken?.samples).toEqual(
          result.map(({ values }) => values.map(([at, text]) => [at, sampleValue(text)])),
        );
        expect(JSON.parse(taken?.json ?? '')).toEqual(
          JSON.parse(answer(result.map(({ metric }, index) => ({ metric, values: index })))),
        );
      }),
      { numRuns: 500 },
    );
    expect(cases).toBe(500);
  });

  test.each([
    ['[[1,"2"],[3,"4"]', 'an end that is missing'],
    ['[[1,"2"] ,[3,"4"]]', 'a space'],
    ['[[1,2]]', 'a value that is no text'],
    ['[["1","2"]]', 'seconds that are text'],
    ['[[1,""]]', 'an empty value'],
    ['[[1,"2\\"]"]]', 'an escape'],
    ['[[-1,"2"]]', 'seconds before 1970'],
    ['[[1,"2",3]]', 'a third item'],
  ])('%s is left to JSON: %s', (values) => {
    expect(takeSamples(`{"result":[{"metric":{},"values":${values}}]}`)).toBeNull();
  });

  test('an answer without a range stays as it is', () => {
    const text = answer([{ metric: { a: 'b' }, value: [1, '2'] }]);
    expect(takeSamples(text)).toEqual({ json: text, samples: [] });
    expect(takeSamples('<html>')).toEqual({ json: '<html>', samples: [] });
  });
});
