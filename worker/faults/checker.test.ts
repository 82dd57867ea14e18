import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkChain, rootOf } from './testing/checker/chain';
import { check } from './testing/checker/check';
import { invariants } from './testing/checker/history';
import { Story } from './testing/story';

const folder = path.join(import.meta.dirname, 'testing/checker');

test('the checker imports nothing but its own files, zod and Node', () => {
  const imports = fs.readdirSync(folder).flatMap((file) => {
    const text = fs.readFileSync(path.join(folder, file), 'utf8');
    return [...text.matchAll(/from '([^']+)'/g)].map((match) => match[1] ?? '');
  });
  expect(imports.length).toBeGreaterThan(8);
  expect(imports.filter((name) => !/^(\.\/|node:|zod$)/.test(name))).toEqual([]);
});

const broken = (story: Story) => check(story.history()).map(({ invariant }) => invariant);

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

/** Up by evidence: 5 %, 25 %, 100 %. */
function canary({ upTo = 100, passes = true }: { upTo?: number; passes?: boolean } = {}): Story {
  const story = new Story().approved().started();
  for (const weight of [5, 25, 100].filter((one) => one <= upTo)) {
    story.weights(weight);
    if (passes) story.entry('change.measured', { verdict: 'PASS' });
  }
  return upTo === 100 ? story.entry('change.watching').ended('change.succeeded', { verdict: 'PASS' }) : story;
}

const breaches: readonly { invariant: (typeof invariants)[number]; what: string; story: () => Story }[] = [
  {
    invariant: 'I1',
    what: 'a write without a fence',
    story: () => new Story().approved().started().intent().write({ fence: null }),
  },
  {
    invariant: 'I1',
    what: 'an epoch that goes down',
    story: () =>
      new Story()
        .approved()
        .started()
        .intent({ epoch: 1 })
        .claimed(2)
        .intent({ epoch: 2, attempt: 2 })
        .write({ epoch: 2, attempt: 2 })
        .write({ epoch: 1 }),
  },
  {
    invariant: 'I1',
    what: 'a request after the lease has gone, although it was refused',
    story: () => new Story().approved().started().intent().claimed(2).write({ status: 409 }),
  },
  {
    invariant: 'I1',
    what: 'an epoch that nobody was given',
    story: () => new Story().approved().started().intent({ epoch: 7 }).write({ epoch: 7 }),
  },
  {
    invariant: 'I2',
    what: 'a write without an intent',
    story: () => new Story().approved().started().write(),
  },
  {
    invariant: 'I2',
    what: 'an intent that came after its write',
    story: () => new Story().approved().started().write().intent(),
  },
  {
    invariant: 'I2',
    what: 'one intent carried out twice',
    story: () => new Story().approved().started().intent().write().write(),
  },
  {
    invariant: 'I2',
    what: 'a plan that nobody else signed',
    story: () => new Story().approved({ signer: 'requester' }).started().intent().write(),
  },
  {
    invariant: 'I2',
    what: 'another plan than the signed one',
    story: () => new Story().approved().started().intent({ planHash: 'other' }).write(),
  },
  {
    invariant: 'I2',
    what: 'another object than announced',
    story: () => new Story().approved().started().intent({ object: 'deployment/shop/till' }).write(),
  },
  {
    invariant: 'I3',
    what: 'weights that add up to 105',
    story: () => new Story().approved().started().weights(5, { old: 100 }),
  },
  {
    invariant: 'I3',
    what: 'traffic to what has no ready endpoint',
    story: () => new Story().approved().started().weights(5, { readyNew: 0 }),
  },
  {
    invariant: 'I3',
    what: 'a selector that chooses no available pod',
    story: () => new Story().approved().started().select('none'),
  },
  { invariant: 'I4', what: 'a canary that goes on without a PASS', story: () => canary({ passes: false }) },
  {
    invariant: 'I4',
    what: 'a success without a PASS',
    story: () =>
      new Story().approved().started().intent().write().ended('change.succeeded', { verdict: 'ERROR' }),
  },
  {
    invariant: 'I5',
    what: 'fewer pods than the load needs',
    story: () => new Story().approved().started().intent().write({ replicas: 2 }),
  },
  {
    invariant: 'I5',
    what: 'traffic to more than the new pods carry',
    story: () => new Story().approved().started().weights(100, { readyNew: 1 }),
  },
  {
    invariant: 'I6',
    what: 'a change that runs on and on',
    story: () => new Story().approved().started().intent().write().later(3_600_000),
  },
  {
    invariant: 'I6',
    what: 'a hold that does not say why',
    story: () => new Story().approved().started().entry('change.held', { sentence: '' }),
  },
  {
    invariant: 'I6',
    what: 'an ended change that goes on',
    story: () => new Story().approved().started().ended('change.failed').entry('change.resumed').later(1),
  },
  {
    invariant: 'I8',
    what: 'two changes at once on one object',
    story: () => {
      const story = new Story().approved().started().intent().write();
      story.other(2).approved().started().intent().write().ended('change.succeeded', { verdict: 'PASS' });
      return story.other(1).ended('change.succeeded', { verdict: 'PASS' });
    },
  },
  {
    invariant: 'I8',
    what: 'a write after the end',
    story: () => new Story().approved().started().intent().ended('change.failed').later(5).write(),
  },
];

test.each(breaches)('$invariant: $what is seen', ({ invariant, story }) => {
  expect(broken(story())).toContain(invariant);
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
