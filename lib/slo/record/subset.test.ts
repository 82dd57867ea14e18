import { describe, expect, test } from 'vitest';
import { partOf, seriesIn } from './subset';

const of = (text: string) => ({ kind: 'selector', text }) as const;
const whole = of('requests_total{service="a",env=~"x|y"}');
const isPart = (extra: string, labels: Record<string, string>) =>
  partOf(whole, of(`requests_total{service="a",env=~"x|y",${extra}}`))?.has(labels);

describe('a part of the same metric', () => {
  test.each<[string, Record<string, string>, boolean]>([
    ['code=~"5.."', { code: '500' }, true],
    ['code=~"5.."', { code: '5000' }, false],
    ['code=~"5.."', { code: '200' }, false],
    ['code=~"5..|429"', { code: '429' }, true],
    ['code=~"5..|429"', { code: '1429' }, false],
    ['code!~"2..|3.."', { code: '404' }, true],
    ['code!~"2..|3.."', { code: '204' }, false],
    ['code="500"', { code: '500' }, true],
    ['code="500"', {}, false],
    ['code=""', {}, true],
    ['code!=""', {}, false],
    ['code!="200"', {}, true],
    ['code=~"4\\\\d\\\\d"', { code: '404' }, true],
    ['code=~".*"', {}, true],
    ['code=~".+"', {}, false],
    ['path=~"/a(b|c)?",code!="1"', { path: '/ab', code: '2' }, true],
    ['path=~"/a(b|c)?",code!="1"', { path: '/ab', code: '1' }, false],
    ['code=~"."', { code: '🙂' }, true],
  ])('%s of %j is %s', (extra, labels, expected) => expect(isPart(extra, labels)).toBe(expected));

  test('of nothing more is the whole', () => expect(partOf(whole, whole)?.has({})).toBe(true));
});

test.each([
  ['another metric', 'failures_total{service="a",env=~"x|y"}'],
  ['a matcher less', 'requests_total{service="a",code="500"}'],
  ['another matcher', 'requests_total{service="b",env=~"x|y",code="500"}'],
  ['another pattern of the same label', 'requests_total{service="a",env=~"x",code="500"}'],
  ['a flag in the pattern', 'requests_total{service="a",env=~"x|y",code=~"(?i)e"}'],
  ['a class in the pattern', 'requests_total{service="a",env=~"x|y",code=~"[[:digit:]]+"}'],
  ['a pattern of RE2 alone', 'requests_total{service="a",env=~"x|y",code=~"a++"}'],
  ['a query that is no selector', 'requests_total{service="a",env=~"x|y"} / 2'],
])('%s is asked for by itself', (_name, text) => expect(partOf(whole, of(text))).toBeNull());

test('a value of two lines is left to the server, with all series beside it', () => {
  const isFailed = partOf(whole, of('requests_total{service="a",env=~"x|y",code=~"5.."}'));
  if (isFailed === null) throw new Error('The part cannot be told.');
  const [good, bad, odd] = ['200', '500', '5\n0'].map((code) => ({ labels: { code } }));
  if (good === undefined || bad === undefined || odd === undefined) throw new Error('A series is missing.');
  expect(seriesIn([good, bad], isFailed)).toEqual([bad]);
  expect(seriesIn([good, bad, odd], isFailed)).toBeNull();
});
