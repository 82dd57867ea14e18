import fs from 'node:fs';
import path from 'node:path';
import { extendTailwindMerge } from 'tailwind-merge';
import { expect, test } from 'vitest';
import { cx } from './class-names';

/** The whole table, with the names of our own font sizes. */
const reference = extendTailwindMerge({
  extend: {
    classGroups: {
      'font-size': [{ text: ['axis', 'meta', 'base', 'body', 'section', 'judgement', 'page', 'figure'] }],
      shadow: [{ shadow: ['float'] }],
    },
  },
});

const root = path.resolve(import.meta.dirname, '../..');
const files = ['app', 'components'].flatMap((folder) =>
  fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\./.test(name))
    .map((name) => path.join(root, folder, name)),
);
const withoutVariants = (text: string) => text.replace(/^(?:[^[\]()]*|\S*[\])]):/, '');
/** Of the product's words, those that the reference knows: it says them once when they come twice. `filter` is prose. */
const classes = [
  ...new Set(
    files
      .flatMap((file) => [...fs.readFileSync(file, 'utf8').matchAll(/'([^'\n]*)'|"([^"\n]*)"|`([^`$]*)`/g)])
      .flatMap(([, ...texts]) => texts.join('').split(/\s+/))
      .map(withoutVariants)
      .filter(
        (word) => word !== 'filter' && /^[^"'`;<>]+$/.test(word) && reference(`${word} ${word}`) === word,
      ),
  ),
];

test('the classes of the product were read', () => {
  expect(classes.length).toBeGreaterThan(300);
  expect(classes).toContain('size-3.5');
});

test('every class of the product has a kind', () => {
  expect(classes.filter((word) => cx(word, word) !== word)).toEqual([]);
});

test('any two of them merge as the whole table merges them', () => {
  const different = classes.flatMap((first) =>
    classes.flatMap((second) => {
      const both = `${first} ${second}`;
      return cx(both) === reference(both) ? [] : [`${both}: ${reference(both)}, not ${cx(both)}`];
    }),
  );
  expect(different.slice(0, 40)).toEqual([]);
});

test('a variant is its own place', () => {
  expect(cx('p-2 max-sm:p-4', 'max-sm:p-3')).toBe('p-2 max-sm:p-3');
});
