import { expect, test } from 'vitest';
import { withoutValues } from './query-text';

test.each([
  ["SELECT * FROM users WHERE email = 'ada@example.com'", 'SELECT * FROM users WHERE email = ?'],
  ["SELECT 'it''s', 42, 1.5e-3, .5, 0xFF, -7", 'SELECT ?, ?, ?, ?, ?, -?'],
  [
    'SELECT a1, b_2.c3 FROM t4 WHERE x = $1 AND y = $12',
    'SELECT a1, b_2.c3 FROM t4 WHERE x = $1 AND y = $12',
  ],
  [`SELECT E'a\\'b, secret', n'x', B'01', x'FF', U&'d\\0061'`, 'SELECT ?, ?, ?, ?, ?'],
  ['SELECT $$a secret$$, $tag$an$$other$tag$ FROM t', 'SELECT ?, ? FROM t'],
  ['SELECT "Column 7" FROM "my table"', 'SELECT "Column 7" FROM "my table"'],
  ["/* trace='abc' /* nested */ */ SELECT 1 -- card 4111\n FROM t", 'SELECT ? FROM t'],
  ["ALTER ROLE app PASSWORD 'hunter2'", 'ALTER ROLE app PASSWORD ?'],
  ['  SELECT\n\t1  ', 'SELECT ?'],
  ['COMMIT', 'COMMIT'],
  ['', ''],
])('%s', (query, shown) => {
  expect(withoutValues(query)).toBe(shown);
});

test.each([
  [
    'a text that the server cut',
    "INSERT INTO t VALUES ('secret, and more of the sec",
    'INSERT INTO t VALUES (?…',
  ],
  ['a body that the server cut', 'DO $body$ secret', 'DO ?…'],
  ['a name that the server cut', 'SELECT "secret', 'SELECT …'],
  ['a comment that the server cut', 'SELECT 1 /* secret', 'SELECT ?'],
  // With standard_conforming_strings off the first text would go on to the end.
  ['a quote after a backslash', "SELECT 'a\\' , 'secret'", 'SELECT ?…'],
])('%s hides the rest', (_name, query, shown) => {
  expect(withoutValues(query)).toBe(shown);
});

test('a long query is cut', () => {
  const shown = withoutValues(`SELECT ${'column_name, '.repeat(10_000)} 1`);
  expect(shown).toHaveLength(240);
  expect(shown.endsWith('…')).toBe(true);
});

test('no value of 2,000 made-up queries is left, whatever stands around it', () => {
  let seed = 7;
  const pick = <T>(all: readonly T[]): T => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    const found = all[seed % all.length];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  };
  const value = 'zq9zq';
  const quoted = [
    `'${value}'`,
    `E'\\'${value}'`,
    `'''${value}'''`,
    `$$${value}'$$`,
    `$q$'${value}$$$q$`,
    `/* ${value} ' */`,
    `-- ${value} '\n`,
    `'\\${value}'`,
    `' -- ${value}'`,
    `'/* ${value}'`,
    `"a" || '${value}'`,
  ];
  const between = [' ', ', ', ' AND x = ', ' = ', '(', ')', '||', '\n', ' $1 ', ' 17 '];
  let tried = 0;
  for (; tried < 2000; tried++) {
    const query = `SELECT ${Array.from({ length: 6 }, () => pick(quoted) + pick(between)).join('')}`;
    expect(withoutValues(query)).not.toContain(value);
    expect(withoutValues(query.slice(0, 10 + (tried % 60)))).not.toContain(value);
  }
  expect(tried).toBe(2000);
});
