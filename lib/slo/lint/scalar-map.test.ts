import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isMap, isScalar, parseDocument, Scalar, stringify } from 'yaml';
import { mapScalar } from './scalar-map';

const words = [
  'rate(x_total[5m])',
  '>',
  '0.05',
  'and',
  '{status=~"5..",a!=\'b\'}',
  "it''s",
  '\\d+',
  'sum',
  '# no',
  'a:b',
  'é',
  '"',
];
const expression = fc
  .array(fc.tuple(fc.constantFrom(...words), fc.constantFrom(' ', '  ', '\n', '\n  ', '\n\n', '\t')), {
    minLength: 1,
    maxLength: 14,
  })
  .map((parts) =>
    parts
      .map(([word, space]) => word + space)
      .join('')
      .trim(),
  );
const styles = ['PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const;

/** The scalar below `expr`, as the parser found it. */
function readExpr(source: string): Scalar | null {
  const { contents } = parseDocument(source);
  const found: unknown = isMap(contents) ? contents.get('expr', true) : null;
  return isScalar(found) ? found : null;
}

test('every character of an expression is found in the file, in every way that YAML writes text', () => {
  let cases = 0;
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      expression,
      fc.constantFrom(...styles),
      fc.integer({ min: 20, max: 80 }),
      (text, style, width) => {
        const scalar = new Scalar(text);
        scalar.type = style;
        const source = stringify({ before: 1, expr: scalar, after: 'x' }, { lineWidth: width });
        const node = readExpr(source);
        if (node === null) throw new Error(`not read back: ${source}`);
        // Writing folds what is indented; what counts is what Prometheus reads.
        const read = String(node.value);
        const map = mapScalar(source, node);
        expect(map?.length, source).toBe(read.length + 1);
        for (const [index, offset] of (map ?? []).slice(0, -1).entries()) {
          const wanted = read[index] ?? '';
          if (/\s/.test(wanted)) continue;
          const escaped = node.type === 'QUOTE_DOUBLE' && source[offset] === '\\';
          expect(escaped ? wanted : source[offset], `${source} at ${index}`).toBe(wanted);
        }
        for (const [index, offset] of (map ?? []).entries())
          expect(offset).toBeGreaterThanOrEqual(map?.[index - 1] ?? 0);
        seen.add(String(node.type));
        cases += 1;
      },
    ),
    { numRuns: 1500 },
  );
  expect(cases).toBe(1500);
  expect([...seen].toSorted()).toEqual([...styles].toSorted());
});

test.each([
  ['escapes', String.raw`expr: "a\x41\u00e9\"b"`, 'b', 20],
  ['a line that goes on', 'expr: "one \\\n  two"', 'w', 16],
  ['carriage returns', 'expr: |\r\n  one\r\n  two\r\n', 'w', 19],
])('%s', (_, source, char, offset) => {
  const node = readExpr(source);
  const index = String(node?.value).lastIndexOf(char);
  expect(node === null ? null : mapScalar(source, node)?.[index]).toBe(offset);
});
