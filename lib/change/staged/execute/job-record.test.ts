import { expect, test } from 'vitest';
import { recordedOfJob } from './job-record';
import type { StagedIntent } from './target';

const KEY = 'east/Job/shop/api-migrate';
const AT = new Date('2026-11-20T10:00:00Z');

const intent = (
  verb: StagedIntent['verb'],
  result: StagedIntent['result'],
  desired: StagedIntent['desired'] = { spec: { suspend: true } },
): StagedIntent => ({
  id: `c-1/3/1/${KEY}`,
  changeNumber: 1,
  step: 3,
  attempt: 1,
  epoch: 1,
  verb,
  target: KEY,
  targetUid: '',
  targetRv: '',
  onBehalfOf: 'sam@example.org',
  before: {},
  desired,
  createdAt: AT,
  resolvedAt: result === null ? null : AT,
  result,
  resultDetail: null,
});
/** As an earlier version of this program announced a creation. */
const old = (result: StagedIntent['result']) => intent('create', result, { spec: { backoffLimit: 0 } });
const created = intent('create', 'applied');

const nothing = { created: false, releasedAtMs: null, announced: false };
const made = { ...nothing, created: true };
const maybe = { ...made, announced: true };
const released = { ...maybe, releasedAtMs: AT.getTime() };

test.each([
  ['nothing was announced', [], nothing],
  ['a creation that the cluster refused', [intent('create', 'refused')], nothing],
  ['a creation', [created], made],
  ['a creation that met another object', [intent('create', 'conflict')], made],
  ['a release that arrived', [created, intent('write', 'applied')], released],
  ['a release that was found done', [created, intent('write', 'adopted')], released],
  ['a release that the cluster refused', [created, intent('write', 'refused')], made],
  ['a release without an answer', [created, intent('write', null)], maybe],
  ['a release whose Job was gone or changed', [created, intent('write', 'conflict')], maybe],
  ['a release that was given up', [created, intent('write', 'superseded')], maybe],
  [
    'a Job that was let run though nobody saw its creation',
    [intent('create', 'superseded'), intent('write', null)],
    maybe,
  ],
  ['an old creation, which runs at once', [old('adopted')], released],
  ['an old creation whose Job was not recognised', [old('conflict')], maybe],
  ['an old creation that is announced anew', [old('superseded')], { ...nothing, announced: true }],
  ['an old creation that was announced anew', [old('superseded'), created], maybe],
  ['an old creation that the cluster refused', [old('refused')], nothing],
  [
    "another object's writes",
    [{ ...intent('write', 'applied'), target: 'east/Deployment/shop/api' }],
    nothing,
  ],
])('what is recorded of a Job: %s', (_, intents, recorded) => {
  expect(recordedOfJob(intents, KEY)).toEqual(recorded);
});
