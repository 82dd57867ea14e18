import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkChain, rootOf } from './testing/checker/chain';
import { check } from './testing/checker/check';
import { invariants } from './testing/checker/history';
import { breaches, canary } from './testing/forged';
import { atOnce, back, gradual } from './testing/forged-pods';
import { Story } from './testing/story';

const folder = path.join(import.meta.dirname, 'testing/checker');

test('the checker imports nothing but its own files, zod and Node', () => {
  const imports = fs.readdirSync(folder).flatMap((file) => {
    const text = fs.readFileSync(path.join(folder, file), 'utf8');
    return [...text.matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*['"`]([^'"`]+)['"`]/g)].map(
      (match) => match[1] ?? '',
    );
  });
  expect(imports.length).toBeGreaterThan(8);
  expect(imports.filter((name) => !/^(\.\/|node:|zod$)/.test(name))).toEqual([]);
});

test('a rolling deploy with a takeover breaks nothing', () => {
  const story = new Story().approved().started();
  story.intent({ epoch: 1 }).claimed(2).intent({ epoch: 2 }).write({ epoch: 2 });
  story.entry('change.watching').ended('change.succeeded', { verdict: 'PASS' });
  expect(check(story.history())).toEqual([]);
});

test('a canary over weights that passes and goes on breaks nothing', () => {
  expect(check(canary().history())).toEqual([]);
});

test('a canary that goes back needs no evidence', () => {
  const story = canary({ upTo: 25 }).entry('change.undo_started');
  story.weights(0).ended('change.backed_out');
  expect(check(story.history())).toEqual([]);
});

test('a gradual deploy by pods that passes and goes on breaks nothing', () => {
  expect(check(gradual().history())).toEqual([]);
});

test('pods that go back need no evidence, and go when the old ones are there', () => {
  expect(check(back().history())).toEqual([]);
});

test.each(['rollback', 'shift'])('a %s by pods is one move, in two writes', (kind) => {
  expect(check(atOnce(kind).history())).toEqual([]);
});

test.each(breaches)('$invariant: $what is seen, and told so', ({ invariant, story, says }) => {
  const told = check(story().history()).filter((one) => one.invariant === invariant);
  expect(told.map(({ what }) => what).join('\n')).toMatch(says);
});

test('I7: a cut tail and a changed entry are seen against a root that was noted outside', () => {
  const bodies = ['a', 'b', 'c', 'd', 'e'];
  const leaves = new Story().leavesOf(bodies);
  const anchor = { size: 5, root: rootOf(leaves).toString('hex') };
  expect(checkChain([...bodies, 'f'], [anchor])).toEqual([]);
  expect(checkChain(bodies.slice(0, 4), [anchor]).map(({ what }) => what)).toEqual([
    expect.stringContaining('its tail is lost'),
  ]);
  expect(checkChain(['a', 'b', 'x', 'd', 'e'], [anchor])).toHaveLength(1);
});

test('every invariant has a history that breaks it', () => {
  const seen = new Set<string>([...breaches.map(({ invariant }) => invariant), 'I7']);
  expect(invariants.filter((one) => !seen.has(one))).toEqual([]);
});
