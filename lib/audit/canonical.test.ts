import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalHash, canonicalJson } from './canonical';

/** A double from its bits, as RFC 8785 appendix B lists them. */
const double = (hex: string): number => Buffer.from(hex, 'hex').readDoubleBE(0);

test.each([
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
])('the number %s of RFC 8785 appendix B', (hex, expected) => {
  expect(canonicalJson(double(hex))).toBe(expected);
});

test('the example of RFC 8785 section 3.2.2', () => {
  const input: unknown = JSON.parse(
    String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
      "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
  );
  expect(canonicalJson(input)).toBe(
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  );
});

test('keys are sorted by UTF-16 code units (RFC 8785 section 3.2.3)', () => {
  const input: unknown = JSON.parse(
    String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
      "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`,
  );
  const values = [...canonicalJson(input).matchAll(/:"([^"]*)"/g)].map((match) => match[1]);
  expect(values.join('|')).toBe(
    'Carriage Return|One|Control|Latin Small Letter O With Diaeresis|Euro Sign|Emoji: Grinning Face|Hebrew Letter Dalet With Dagesh',
  );
});

test('integer-like keys keep the order of strings, nested structures too', () => {
  const input = {
    '1': { f: { f: 'hi', F: 5 }, '\n': 56 },
    '10': {},
    '': 'empty',
    a: {},
    '111': [{ e: 'yes', E: 'no' }],
    A: {},
  };
  expect(canonicalJson(input)).toBe(
    String.raw`{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}`,
  );
});

test('nothing is normalised: A and a combining ring stay two characters', () => {
  expect(canonicalJson({ a: 'A\u030a' })).toBe('{"a":"A\u030a"}');
});

test.each([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['BigInt', 1n],
  ['a lone surrogate', 'a\ud800'],
  ['a lone surrogate in a key', { '\udc00': 1 }],
  ['a date', { at: new Date(0) }],
  ['a map', new Map()],
  ['undefined', undefined],
  ['undefined in a list', [undefined]],
  ['__proto__', JSON.parse('{"__proto__":1}')],
])('%s is refused', (_name, value: unknown) => {
  expect(() => canonicalJson(value)).toThrow(TypeError);
});

test.each([
  ['a fraction', 0.5],
  ['an unsafe integer', 2 ** 53],
  ['minus zero', -0],
  ['null', null],
])('%s is refused where only integers may stand', (_name, value) => {
  expect(() => canonicalJson({ value }, 'integers')).toThrow(TypeError);
  expect(() => canonicalJson({ value })).not.toThrow();
});

test('an endless nesting is an error, not a crash', () => {
  const loop: Record<string, unknown> = {};
  loop['self'] = loop;
  expect(() => canonicalJson(loop)).toThrow(/nested/);
});

test('any JSON value survives, and the order of keys never matters', () => {
  let cases = 0;
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (value) => {
      cases += 1;
      fc.pre(!JSON.stringify(value).includes('__proto__'));
      const once = canonicalJson(value);
      expect(canonicalJson(JSON.parse(once))).toBe(once);
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalHash(reversed)).toBe(canonicalHash(value));
    }),
    { numRuns: 500 },
  );
  expect(cases).toBeGreaterThanOrEqual(500);
});
