import { expect, test } from 'vitest';
import { type PastMigration, schemaFinding } from './schema-check';

const migration = (number: number, one: PastMigration['class'], isNewer = true): PastMigration => ({
  ...{ number, version: `2.${number}.0`, class: one, isNewer },
});

test.each<[string, PastMigration[], 'pass' | 'warn', RegExp]>([
  ['none', [], 'pass', /^No migration is on record since 1\.9\.0 was brought\.$/],
  [
    'one that it came with or after',
    [migration(3, 'destructive', false)],
    'pass',
    /^No migration is on record/,
  ],
  [
    'a reversible one',
    [migration(3, 'reversible')],
    'pass',
    /c-3 for 2\.3\.0 \(reversible\)\. Who signed it said that the version before works/,
  ],
  [
    'a forward-only one among others',
    [migration(5, 'reversible'), migration(3, 'forward-only')],
    'warn',
    /c-5 for 2\.5\.0 \(reversible\), c-3 for 2\.3\.0 \(forward-only\)\. That 1\.9\.0 works .* was not said/,
  ],
  [
    'a destructive one, which is told whatever else there is',
    [migration(5, 'forward-only'), migration(3, 'destructive')],
    'warn',
    /What 1\.9\.0 reads may be gone\. Restore a copy from before it, or go forward instead\.$/,
  ],
])('after %s', (_, migrations, result, detail) => {
  expect(schemaFinding('1.9.0', migrations)).toEqual({ result, detail: expect.stringMatching(detail) });
});
