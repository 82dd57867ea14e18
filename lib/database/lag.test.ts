import { expect, test } from 'vitest';
import type { Receiving, StandbySeen } from '@/lib/sources/postgresql/replication';
import { receivingLag, replicationView, standbyLag } from './lag';

const standby = (more: Partial<StandbySeen> = {}): StandbySeen => ({
  name: 'eu',
  address: '10.0.0.2',
  state: 'streaming',
  sync: 'async',
  lagSeconds: null,
  lagBytes: 0,
  ...more,
});
const receiving = (more: Partial<Receiving> = {}): Receiving => ({
  receiving: true,
  replayedSecondsAgo: 4000,
  bytesToReplay: 0,
  paused: false,
  ...more,
});

test.each<[string, Partial<StandbySeen>, string, string]>([
  ['caught up and idle', {}, 'within', 'Caught up, within 30 s.'],
  ['behind within the limit', { lagSeconds: 0.25, lagBytes: 10 }, 'within', '250 ms behind, within 30 s.'],
  ['at the limit', { lagSeconds: 30, lagBytes: 10 }, 'within', '30 s behind, within 30 s.'],
  ['over the limit', { lagSeconds: 31, lagBytes: 10 }, 'late', '31 s behind; the limit is 30 s.'],
  [
    'behind for a time that it never told',
    { lagBytes: 5000 },
    'unknown',
    'It has not said yet how long it takes to replay.',
  ],
  [
    'a base backup that replays nothing',
    { state: 'backup', lagBytes: null },
    'unknown',
    'It has not said yet how long it takes to replay.',
  ],
  ['hidden', { state: null, lagBytes: null }, 'unknown', 'Hidden from our account.'],
])('a standby that is %s', (_, more, state, sentence) => {
  expect(standbyLag(standby(more), 30)).toMatchObject({ state, sentence });
});

test.each<[string, Partial<Receiving>, string, RegExp]>([
  ['caught up under a primary that writes nothing', {}, 'within', /^Caught up/],
  [
    'behind with much to replay',
    { bytesToReplay: 99, replayedSecondsAgo: 40 },
    'late',
    /^40 s behind; the limit is 30 s/,
  ],
  ['behind a little', { bytesToReplay: 99, replayedSecondsAgo: 2 }, 'within', /^2 s behind/],
  ['cut off for long', { receiving: false }, 'late', /receives nothing from a primary.* 1 h 6 min old/],
  ['cut off just now', { receiving: false, replayedSecondsAgo: 3 }, 'unknown', /receives nothing/],
  ['paused', { paused: true }, 'late', /pg_wal_replay_resume/],
  ['new', { bytesToReplay: 5, replayedSecondsAgo: null }, 'unknown', /replayed no transaction/],
])('this server as a standby %s', (_, more, state, sentence) => {
  const lag = receivingLag(receiving(more), 30);
  expect(lag.state).toBe(state);
  expect(lag.sentence).toMatch(sentence);
});

test('a primary without standbys has none, and a standby without a name is still listed', () => {
  expect(replicationView({ receiving: null, standbys: [] }, 30)).toMatchObject({
    standby: false,
    standbys: [],
  });
  const view = replicationView({ receiving: receiving(), standbys: [standby({ name: '' })] }, 30);
  expect([view.standby, view.standbys[0]?.name]).toEqual([true, 'without a name']);
});
