import fc from 'fast-check';
import { expect, test } from 'vitest';
import { regexTest } from './regex';

test.each(['(?=a)', '(?!a)', '(?<=a)b', '(?<!a)b', '(a)\\1', '(?<x>a)\\k<x>', '(', '[', 'a(?i)b', '*a'])(
  'what RE2 has not is refused: %s',
  (pattern) => {
    expect(() => regexTest(pattern, false)).toThrow(/error parsing regexp/);
  },
);

test.each([
  ['(a+)+$', 'a', 'b'],
  ['(a|aa)+$', 'a', 'b'],
  ['(?i)(A|aa)*C$', 'a', 'b'],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a', '1'],
  ['.*.*.*.*.*=x', 'a', ''],
])('the pattern %s ends on adversarial text', (pattern, unit, tail) => {
  const match = regexTest(pattern, false);
  expect(match(unit.repeat(3000) + tail)).toBe(false);
});

const agree: [string, string, boolean][] = [
  ['(?i)timeout', 'Upstream TIMEOUT', true],
  ['(?i)([a-c]+)+z', 'ABCZ', true],
  ['\\Qa.b\\E', 'xa.by', true],
  ['\\Qa.b\\E', 'xaxby', false],
  ['(?P<code>5\\d\\d)', 'status 503', true],
  ['[[:upper:]]{2}', 'aBC', true],
  ['\\Aab\\z', 'ab', true],
  ['\\Aab\\z', 'abc', false],
];
test.each(agree)('%s on %s is %s', (pattern, text, expected) => {
  expect(regexTest(pattern, false)(text)).toBe(expected);
});

test('an anchored pattern without operators matches itself and nothing longer', () => {
  let cases = 0;
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9 _/-]{1,20}$/), (text) => {
      cases += 1;
      const match = regexTest(text, true);
      expect([match(text), match(`${text}x`), match(`x${text}`)]).toEqual([true, false, false]);
    }),
    { numRuns: 300 },
  );
  expect(cases).toBeGreaterThanOrEqual(300);
});

test('plain texts joined by .* are found exactly as the expression finds them', () => {
  let cases = 0;
  const piece = fc.constantFrom('a', 'ab', 'b', '.*', ' ');
  const pattern = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''));
  const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n'), maxLength: 12 });
  fc.assert(
    fc.property(
      pattern.filter((value) => !value.includes('.*.*')),
      text,
      (source, line) => {
        cases += 1;
        expect(regexTest(source, false)(line)).toBe(new RegExp(source).test(line));
      },
    ),
    { numRuns: 1000 },
  );
  expect(cases).toBeGreaterThanOrEqual(1000);
});
