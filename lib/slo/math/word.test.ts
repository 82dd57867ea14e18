import { expect, test } from 'vitest';
import type { DataState } from '../model';
import { figuresOf } from './budget';
import { burnRules, judgeRule } from './burn';
import { emptyTally, type Tally, tallyOf } from './counts';
import { objectiveOf } from './objective';
import { countsOf, day } from './testing/cases';
import { type SloWord, sloWordOf, sloWords } from './word';

const objective = objectiveOf('99.9');
const pairs = (long: number, short: number, only?: string) =>
  burnRules(objective, 30 * day)
    .filter(({ id }) => only === undefined || id === only)
    .map((rule) =>
      judgeRule(
        rule,
        (seconds) => tallyOf(countsOf(100_000, 100 * (seconds === rule.longSeconds ? long : short))),
        objective,
        1,
      ),
    );
const window = (tally: Tally) => figuresOf(tally, objective, 30 * day);
const fine = tallyOf(countsOf(1_000_000, 10));

const cases: [SloWord, DataState, Tally, ReturnType<typeof pairs>][] = [
  ['burning-fast', 'ok', fine, pairs(20, 20)],
  ['burning-slow', 'ok', fine, pairs(2, 2)],
  ['burning-fast', 'ok', tallyOf(countsOf(10, 11)), pairs(20, 20)],
  ['invalid', 'invalid', fine, []],
  ['invalid', 'ok', tallyOf(countsOf(10, 11)), pairs(0, 0)],
  ['no-data', 'no-data', fine, []],
  ['no-data', 'no-data', emptyTally(10), []],
  ['exhausted', 'no-errors', tallyOf(countsOf(1000, 1)), pairs(0, 0)],
  ['exhausted', 'no-traffic', tallyOf(countsOf(1000, 2)), pairs(0, 0)],
  ['recovering', 'ok', fine, pairs(20, 0)],
  ['partial', 'ok', { ...fine, expected: 3 }, pairs(0, 0)],
  ['no-traffic', 'no-traffic', fine, pairs(0, 0)],
  ['no-traffic', 'no-traffic', tallyOf(countsOf(0, 0)), []],
  ['healthy', 'no-errors', fine, pairs(0, 0)],
  ['healthy', 'ok', fine, pairs(0, 20, 'page-1h')],
];

test.each(cases)('an objective is %s', (word, recent, tally, judged) => {
  expect(sloWordOf({ recent, figures: window(tally), pairs: judged })).toBe(word);
});

test('what is broken sorts before what burns, and healthy last', () => {
  expect(sloWords.slice(0, 3)).toEqual(['invalid', 'no-data', 'burning-fast']);
  expect(sloWords.at(-1)).toBe('healthy');
});

test('every word has its case', () => {
  expect(new Set(cases.map(([word]) => word))).toEqual(new Set(sloWords));
});
