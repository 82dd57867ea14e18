import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { retainCopies } from '@/worker/jobs/retain-copies';
import {
  at,
  audit,
  config,
  day,
  db,
  files,
  folder,
  nights,
  openRetentionWorld,
  put,
  run,
  states,
  stopCodes,
  travel,
  viewNow,
} from './testing/world';

openRetentionWorld();
describe('two phases', () => {
  it('mark first, and delete file, marker and nothing else after the grace, each with its reason', async () => {
    const ids = await nights(8);
    const gone = at(ids, 7);
    const before = files();
    expect(await run()).toMatchObject({ marked: 1, deleted: 0, stops: [] });
    expect(await states(ids)).toEqual([...Array(7).fill('kept'), 'tombstoned']);
    expect(files()).toEqual(before);
    expect(await run()).toMatchObject({ marked: 0, deleted: 0 });

    await travel(day + 60_000);
    const young = await put(0.05);
    expect(await run()).toMatchObject({ marked: 1, deleted: 1, stops: [] });
    expect(at(await states([gone]), 0)).toBe('deleted');
    expect(files()).toHaveLength(16);
    expect(at(await states([young]), 0)).toBe('kept');
    const { object } = await db.backupCopy.findUniqueOrThrow({ where: { id: gone } });
    expect(files().some((name) => name.includes(object))).toBe(false);
    const told = (await audit()).filter(({ details }) => details['copy'] === gone);
    expect(told.map(({ action }) => action)).toEqual(['backup.tombstoned', 'backup.deleted']);
    expect(told.every(({ reason }) => reason?.startsWith('No rule needs it. Daily:'))).toBe(true);
    expect(at(told, 0)).toMatchObject({ target: 'database:shop', actor: { id: 'w1' }, details: { object } });
    expect(await run()).toMatchObject({ marked: 0, deleted: 0 });
  });

  it('go on where a worker died between the claim and the file, and are recorded once', async () => {
    const ids = await nights(8);
    await run();
    await travel(day + 60_000);
    await put(0.05);
    await db.$executeRaw`UPDATE backup_copy SET state = 'deleted' WHERE id = ${at(ids, 7)}::uuid`;
    expect((await run()).deleted).toBe(1);
    await run();
    expect((await audit()).filter(({ action }) => action === 'backup.deleted')).toHaveLength(1);
    expect((await db.backupCopy.findUniqueOrThrow({ where: { id: at(ids, 7) } })).deletedAt).not.toBeNull();
  });

  it('are done once by two workers at the same time', async () => {
    await nights(8);
    await Promise.all([run(), run()]);
    await travel(day + 60_000);
    await put(0.05);
    await Promise.all([run(), run()]);
    const actions = (await audit()).map(({ action }) => action);
    expect(actions.filter((action) => action === 'backup.deleted')).toHaveLength(1);
    expect(actions.filter((action) => action === 'backup.tombstoned')).toHaveLength(2);
  });

  it('are a job of every worker', async () => {
    const ids = await nights(8);
    await retainCopies.run({ db, config: config(), workerId: 'w7' });
    expect(at(await states(ids), 7)).toBe('tombstoned');
  });
});

describe('the circuit breaker', () => {
  it('stops at one of four: more than 20 %', async () => {
    await nights(4);
    expect(await stopCodes(config({ daily: 3 }))).toEqual(['share']);
  });

  it('stops when the newest verified copy is too old, unverified ones beside it or not', async () => {
    await nights(8);
    await travel(1.2 * day);
    await put(0.01, { level: null });
    expect(await stopCodes()).toEqual(['age']);
    await put(0.02);
    expect(await stopCodes()).toEqual([]);
  });

  it.each([60_000, -60_000])('stops when the clocks are %i ms apart', async (offMs) => {
    const ids = await nights(8);
    expect(await stopCodes(config(), offMs)).toEqual(['clock']);
    expect(new Set(await states(ids))).toEqual(new Set(['kept']));
  });

  it('stops when a copy is from the future', async () => {
    await nights(8);
    await put(-1);
    expect(await stopCodes()).toContain('future');
  });

  it('waits while a copy is made, and says nothing of it in the record', async () => {
    const ids = await nights(8);
    await put(0, { state: 'running', withFiles: false });
    expect(await stopCodes()).toEqual(['running']);
    expect((await viewNow()).state).toBe('waits');
    expect(await audit()).toEqual([]);
    expect(at(await states(ids), 7)).toBe('kept');
  });

  it('keeps marked copies too while anything stops it', async () => {
    const ids = await nights(8);
    await run();
    await travel(1.5 * day);
    expect(await stopCodes()).toEqual(['age']);
    expect(at(await states(ids), 7)).toBe('tombstoned');
    expect(files()).toHaveLength(16);
  });
});

describe('the folder', () => {
  it('keeps what nobody here made, whatever its name, and says so', async () => {
    await nights(8);
    const strange = [
      'by-hand.sql',
      'shop-20200101T000000Z-deadbeef.dump',
      'shop-20200101T000000Z-deadbeef.dump.json',
    ];
    for (const name of strange) fs.writeFileSync(path.join(folder(), name), 'not ours');
    await run();
    await travel(day + 60_000);
    await put(0.05);
    expect((await run()).deleted).toBe(1);
    expect(files()).toEqual(expect.arrayContaining(strange));
    expect(await viewNow()).toMatchObject({ unknownFiles: strange.toSorted(), unknownCount: 3 });
  });

  it('that misses a copy takes it out of the count, deletes nothing for it, and says so', async () => {
    const ids = await nights(8);
    const lost = await db.backupCopy.findUniqueOrThrow({ where: { id: at(ids, 0) } });
    fs.rmSync(path.join(folder(), `${lost.object}.json`));
    expect(await run()).toMatchObject({ marked: 0, stops: [] });
    const { lines } = await viewNow();
    expect(lines.filter(({ isMissing }) => isMissing).map(({ copy }) => copy)).toEqual([lost.id]);
    expect(lines.find(({ copy }) => copy === at(ids, 7))?.fate).toBe('stays');
  });

  it('that is not there stops everything', async () => {
    const ids = await nights(8);
    fs.rmSync(folder(), { recursive: true });
    expect(await stopCodes()).toEqual(['folder']);
    expect(new Set(await states(ids))).toEqual(new Set(['kept']));
    fs.mkdirSync(folder());
  });

  it('that lost all of them marks none', async () => {
    const ids = await nights(8);
    for (const name of files()) fs.rmSync(path.join(folder(), name));
    await run();
    expect(new Set(await states(ids))).toEqual(new Set(['kept']));
  });
});

describe('what is not verified', () => {
  it('and what is spoilt never take the place of a verified one', async () => {
    const ids = await nights(8);
    const spoilt = await put(0.01);
    await put(0.02, { level: 1 });
    await db.backupCheck.create({
      data: {
        copyId: spoilt,
        level: 1,
        result: 'failed',
        tool: 'sha256',
        toolVersion: '1',
        sentence: 'Other bytes.',
        evidence: [],
        seconds: 1,
      },
    });
    expect(await run()).toMatchObject({ marked: 1, stops: [] });
    expect(at(await states(ids), 7)).toBe('tombstoned');
    const { lines } = await viewNow();
    expect(lines.find(({ copy }) => copy === spoilt)).toMatchObject({ fate: 'stays', rules: ['evidence'] });
  });
});

it('a wider policy brings marked copies back', async () => {
  const ids = await nights(8);
  await run();
  expect(await run(config({ daily: 8 }))).toMatchObject({ lifted: 1, marked: 0 });
  expect(at(await states(ids), 7)).toBe('kept');
  expect(at(await audit(), -1)).toMatchObject({ action: 'backup.wanted_again' });
});
