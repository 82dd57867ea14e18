import { describe, expect, it } from 'vitest';
import { pinCopy, unpinCopy } from './pin-copy';
import {
  at,
  audit,
  day,
  db,
  nights,
  openRetentionWorld,
  people,
  put,
  run,
  states,
  travel,
  viewNow,
} from './testing/world';

openRetentionWorld();

describe('a pin', () => {
  it('brings a marked copy back before its end, at once and for good', async () => {
    const ids = await nights(8);
    await run();
    const copy = at(ids, 7);
    const pinned = await pinCopy({ actor: people.sre, copy, input: { reason: 'before c-198' } }, db);
    expect(pinned.pins).toMatchObject([{ reason: 'before c-198', by: people.sre.name }]);
    expect(at(await states(ids), 7)).toBe('kept');
    await pinCopy({ actor: people.sre, copy, input: { reason: 'before c-198' } }, db);
    await travel(day + 60_000);
    await put(0.05);
    await run();
    expect(at(await states([copy]), 0)).toBe('kept');
    expect((await audit()).filter(({ action }) => action === 'backup.pinned')).toHaveLength(1);
    expect((await viewNow()).lines.find((line) => line.copy === copy)?.reason).toBe('pinned: before c-198');
  });

  it('that is taken off lets retention decide again; taking it off twice is no error', async () => {
    const ids = await nights(8);
    const copy = at(ids, 7);
    const { pins } = await pinCopy({ actor: people.devops, copy, input: { reason: 'legal hold' } }, db);
    expect((await run()).marked).toBe(0);
    const input = { at: at(pins, 0).at, why: 'case closed' };
    expect((await unpinCopy({ actor: people.sre, copy, input }, db)).pins).toEqual([]);
    expect((await unpinCopy({ actor: people.sre, copy, input }, db)).pins).toEqual([]);
    expect((await run()).marked).toBe(1);
    const told = (await audit()).filter(({ action }) => action === 'backup.unpinned');
    expect(told).toMatchObject([
      { reason: 'case closed', details: { pin: `legal hold (${people.devops.name})` } },
    ]);
  });

  it('is refused to others, on nothing, and on a copy whose end has begun', async () => {
    const ids = await nights(2);
    const pin = (copy: string, actor = people.sre) => pinCopy({ actor, copy, input: { reason: 'hold' } }, db);
    await expect(pin(at(ids, 0), people.stakeholder)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(pin('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({ code: 'not-found' });
    await expect(pin(await put(1, { state: 'deleted' }))).rejects.toMatchObject({ code: 'precondition' });
    await expect(pin(await put(1, { state: 'failed' }))).rejects.toMatchObject({ code: 'precondition' });
    expect(await audit()).toEqual([]);
  });
});
