import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../setup/root';
import { longest, longestFirst } from './longest-first';

const at = (...names: string[]) => names.map((name) => ({ moduleId: `/repo/${name}` }));

test('the longest files come first, the others in the order that they had', () => {
  const [first = '', second = ''] = longest;
  expect(longestFirst(at('lib/b.test.ts', second, 'lib/a.test.ts', first))).toEqual(
    at(first, second, 'lib/b.test.ts', 'lib/a.test.ts'),
  );
});

test('each of them is there', () => {
  expect(longest.filter((name) => !fs.existsSync(path.join(repositoryRoot, name)))).toEqual([]);
});
