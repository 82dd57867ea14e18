import { describe, expect, it } from 'vitest';
import type { RestoreView } from '../data/restore/contract';
import { databasesNow } from '../data/restore/stage';
import { restoreData } from '../testing/restore';
import { dataLines } from './record-data';

const names = { live: 'shop', fresh: 'shop_r_c0000012', former: 'shop_pre_c0000012' };
const switched: RestoreView = {
  stage: 'switched',
  beginsAt: null,
  databases: databasesNow('switched', names),
  load: {
    state: 'done',
    phase: null,
    phases: [
      { phase: 'fetch', seconds: 0.02 },
      { phase: 'load', seconds: 41.24 },
    ],
    seconds: 41.26,
    requestedAt: '2026-11-22T03:51:00.000Z',
    startedAt: null,
    finishedAt: null,
    sentence: 'It has the rows of the copy.',
    evidence: [],
  },
  setAside: {
    name: names.former,
    since: '2026-11-22T03:53:00.000Z',
    dropAfter: '2026-11-29T03:53:00.000Z',
    droppedAt: null,
  },
};

const lines = (view: RestoreView | null) =>
  new Map(dataLines(restoreData, null, view).map(([name, what]) => [name, what]));

describe('the record of a restore', () => {
  it('says which copy, what came of it, and which database has which name', () => {
    const told = lines(switched);
    expect(told.get('Copy')).toContain(restoreData.copy.sha256);
    expect(told.get('Load')).toBe('done: It has the rows of the copy.');
    expect([told.get('Phase fetch'), told.get('Phase load')]).toEqual(['under 0.1 s', '41.2 s']);
    expect(told.get('The restored database')).toMatch(/^shop: In use/);
    expect(told.get('The old database')).toMatch(/^shop_pre_c0000012: Kept/);
    expect(told.get('Kept beside')).toBe(
      'shop_pre_c0000012 since 2026-11-22T03:53:00.000Z, until 2026-11-29T03:53:00.000Z at least',
    );
    expect(told.get('Way back')).toMatch(/switches back/);
  });

  it('says so where nothing was loaded, and where what was kept is dropped', () => {
    expect(lines({ ...switched, load: null, setAside: null }).get('Load')).toBe('not asked for');
    const { setAside } = switched;
    if (setAside === null) throw new Error('One is kept.');
    const dropped = { ...setAside, droppedAt: '2026-11-30T01:00:00.000Z' };
    expect(lines({ ...switched, setAside: dropped }).get('Kept beside')).toMatch(/; dropped 2026-11-30/);
    expect(lines(null).has('Load')).toBe(false);
  });
});
