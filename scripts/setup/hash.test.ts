import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { filesBelow, hashOf, stamp } from './hash';

let root: string;
const write = (name: string, text: string) => {
  fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  fs.writeFileSync(path.join(root, name), text);
};
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'signalbox-hash-'));
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

test('files are listed sorted, without what git ignores, and missing entries are no error', () => {
  for (const name of ['b/two.ts', 'a/one.ts', 'a/node_modules/x.js', 'a/generated/y.ts', 'single.json'])
    write(name, '');
  expect(filesBelow(['b', 'a', 'single.json', 'missing'], root)).toEqual([
    'a/one.ts',
    'b/two.ts',
    'single.json',
  ]);
});

test('the hash changes with content, name and extra, and with nothing else', () => {
  write('one', 'text');
  write('two', 'text');
  const hash = hashOf(['one'], '', root);
  expect(hashOf(['one'], '', root)).toBe(hash);
  expect(hashOf(['two'], '', root)).not.toBe(hash);
  expect(hashOf(['one'], 'other', root)).not.toBe(hash);
  write('one', 'text!');
  expect(hashOf(['one'], '', root)).not.toBe(hash);
});

test('a border between files cannot be shifted', () => {
  write('a', 'x');
  write('b', 'yz');
  const before = hashOf(['a', 'b'], '', root);
  write('a', 'xy');
  write('b', 'z');
  expect(hashOf(['a', 'b'], '', root)).not.toBe(before);
});

test('a stamp is current only for the value it remembered', () => {
  expect(stamp('build', '1', root).isCurrent()).toBe(false);
  stamp('build', '1', root).remember();
  expect(stamp('build', '1', root).isCurrent()).toBe(true);
  expect(stamp('build', '2', root).isCurrent()).toBe(false);
});
