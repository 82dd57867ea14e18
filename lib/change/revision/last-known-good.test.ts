import { describe, expect, test } from 'vitest';
import { goodOfPair, lastKnownGood, type RevisionRecord } from './last-known-good';
import { type RevisionFact, standingsOf } from './standing';

let n = 0;
const fact = (what: RevisionFact['what'], version: string, change: number): RevisionFact => {
  n += 1;
  return { what, version, change, release: `r${version}`, at: new Date(Date.UTC(2026, 10, 1, 0, n)) };
};
const kept = (...versions: string[]) =>
  versions.map((version, at) => ({
    replicaSet: `api-${version}`,
    revision: String(at + 1),
    version,
    release: `r${version}`,
  }));
const record = (facts: RevisionFact[], putBack: RevisionRecord['putBack'] = null) => ({ facts, putBack });
const gradeOf = (facts: RevisionFact[], version: string) => standingsOf(facts).get(`r${version}`)?.grade;

describe('what is known of a revision', () => {
  test.each<[string, RevisionFact['what'][], string]>([
    ['a change brought it and its watch ended well', ['brought'], 'good'],
    ['it served with passing requests', ['served'], 'good'],
    ['a change that kept it ended well', ['ran', 'kept'], 'good'],
    ['it ran, and nobody judged it', ['ran'], 'ran'],
    ['it ran after it was found good', ['brought', 'ran'], 'good'],
    ['it was found worse afterwards', ['brought', 'worse'], 'worse'],
    ['it was rolled back, and is planned from while its pods are ready', ['brought', 'left', 'ran'], 'left'],
    ['a scale says nothing of what was wrong', ['brought', 'worse', 'kept', 'served'], 'worse'],
    ['a change went back from it', ['went-back'], 'went-back'],
    ['a change failed with it', ['failed', 'ran'], 'failed'],
    ['it was brought anew and its watch ended well', ['went-back', 'brought'], 'good'],
  ])('%s', (_, all, grade) => {
    expect(
      gradeOf(
        all.map((what, at) => fact(what, '1', at + 1)),
        '1',
      ),
    ).toBe(grade);
  });

  test('since when is the first fact of its time as good, and why is that fact', () => {
    const facts = [fact('served', '1', 3), fact('brought', '1', 4), fact('kept', '1', 5)];
    expect(standingsOf(facts).get('r1')).toMatchObject({
      grade: 'good',
      change: 3,
      why: 'its requests passed before c-3',
      since: facts[0]?.at,
    });
  });
});

describe('the last known good', () => {
  const two = [
    fact('served', '1', 1),
    fact('brought', '2', 1),
    fact('served', '2', 2),
    fact('brought', '3', 2),
  ];

  test('is the newest good one but what runs', () => {
    expect(lastKnownGood(record(two), kept('1', '2', '3'), 'r3')).toMatchObject({
      state: 'found',
      kept: { replicaSet: 'api-2' },
      standing: { why: 'c-1 brought it and its watch ended well' },
    });
    // An edit by hand runs, which the record does not know.
    expect(lastKnownGood(record(two), kept('1', '2', '3', '3x'), 'r3x')).toMatchObject({
      state: 'found',
      kept: { replicaSet: 'api-3' },
    });
  });

  test('is never what went back, failed, was rolled back or was found worse', () => {
    for (const what of ['went-back', 'failed', 'left', 'worse'] as const) {
      expect(lastKnownGood(record([...two, fact(what, '2', 3)]), kept('1', '2', '3'), 'r3')).toMatchObject({
        state: 'found',
        kept: { replicaSet: 'api-1' },
      });
    }
  });

  test('of several ReplicaSets of one release is the newest', () => {
    const again = [
      ...kept('1', '2'),
      { replicaSet: 'api-1-again', revision: '11', version: '1', release: 'r1' },
    ];
    expect(lastKnownGood(record(two.slice(0, 2)), again, 'r2')).toMatchObject({
      kept: { replicaSet: 'api-1-again' },
    });
  });

  test('is not there where nothing was judged: it says so and what to do', () => {
    for (const facts of [[], [fact('ran', '1', 1)], [fact('brought', '3', 1)]]) {
      expect(lastKnownGood(record(facts), kept('1', '3'), 'r3')).toMatchObject({
        state: 'none',
        sentence: expect.stringMatching(/^No earlier revision is known to be good/),
        next: expect.stringMatching(/^Choose a revision by name/),
      });
    }
  });

  test('that the cluster has no more is named, and no older one is taken in its place', () => {
    expect(lastKnownGood(record(two), kept('1', '3'), 'r3')).toMatchObject({
      state: 'gone',
      sentence: expect.stringMatching(
        /^The last known good, 2 \(c-1 brought it .*\), is not in the history of the cluster any more\.$/,
      ),
      next: 'Deploy 2 anew, or choose another revision by name. Known to be good are: 1 (api-1).',
    });
    expect(lastKnownGood(record(two), kept('3'), 'r3')).toMatchObject({
      next: 'Deploy 2 anew, or choose another revision by name.',
    });
  });

  test('is what runs when a change has just put it back: doing it twice goes no further back', () => {
    const back = [...two, fact('left', '3', 3), fact('brought', '2', 3)];
    const putBack = { change: 3, release: 'r2' };
    expect(lastKnownGood(record(back, putBack), kept('1', '2', '3'), 'r2')).toMatchObject({
      state: 'runs',
      sentence: expect.stringMatching(/^What runs now is the last known good, 2 .*: c-3 put it back\.$/),
      next: 'To go back further, choose a revision by name.',
    });
    // Somebody has edited it since, or it was found worse: then there is something to go back to.
    expect(lastKnownGood(record(back, putBack), kept('1', '2', '2x'), 'r2x')).toMatchObject({
      kept: { replicaSet: 'api-2' },
    });
    expect(
      lastKnownGood(record([...back, fact('worse', '2', 3)], putBack), kept('1', '2', '3'), 'r2'),
    ).toMatchObject({ kept: { replicaSet: 'api-1' } });
  });

  test('with a pair is on the other colour', () => {
    expect(goodOfPair('API', 'us-east-1')).toMatchObject({
      state: 'none',
      sentence: expect.stringContaining('the version before is on the other colour'),
    });
  });
});
