import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { shiftTime } from '@/scripts/testing/database';
import { cutUnseen } from '../testing/cut-unseen';
import { startDoomed } from '../testing/doomed';
import { until } from '../testing/world';
import { clearAbandonedDrills } from './clear-drills';
import { type DrillWorld, drillWorld } from './testing/world';

let world: DrillWorld;
let copy: { id: string; object: string };
beforeAll(async () => {
  world = await drillWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.clean();
  copy = await world.proven();
});

const levelOf = async (id: string) => (await world.db.backupCopy.findUniqueOrThrow({ where: { id } })).level;
const lastCheck = async (id: string) => (await world.checksOf(id)).at(-1);
const fileOf = (object: string) => path.join(world.folder, object);
/** The audit entries of the drill. */
const told = async () => (await world.audit()).filter(({ action }) => action.startsWith('backup.drill'));
const loading = () =>
  until(() => world.db.restoreRun.findFirst({ where: { state: 'running', phase: 'load' } }));

describe('a drill that passes', () => {
  test('has the time of each phase, proves its copy, leaves nothing, and is on record', async () => {
    const drill = await world.rehearsed();
    expect(drill).toMatchObject({
      state: 'done',
      copyId: copy.id,
      object: copy.object,
      cause: 'button',
      requestedByName: 'Sam Reyes',
      phase: null,
      leaseOwner: null,
      isFaultOfCopy: false,
    });
    expect(drill.phases.map(({ phase }) => phase)).toEqual([
      'fetch',
      'create',
      'load',
      'index',
      'checks',
      'drop',
    ]);
    expect(drill.phases.every(({ seconds }) => seconds > 0)).toBe(true);
    expect(drill.evidence.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        'SHA-256',
        'Exit code of pg_restore, data',
        'Exit code of pg_restore, indexes',
      ]),
    );
    expect(drill.evidence).toContainEqual(
      expect.objectContaining({ what: 'Damage that pg_amcheck sees', found: 'none', isRight: true }),
    );
    expect(await lastCheck(copy.id)).toMatchObject({
      level: 4,
      result: 'passed',
      sentence: expect.stringMatching(/^A drill restored it/),
    });
    expect(await world.scratches()).toEqual([]);
    expect((await told()).map(({ action, result }) => [action, result])).toEqual([
      ['backup.drill_requested', 'ok'],
      ['backup.drill_started', 'ok'],
      ['backup.drill_passed', 'ok'],
    ]);
  });

  test('says how long a restore takes against the objective of the tier, and forgets it after 30 days', async () => {
    expect((await world.view()).recoveryTime).toMatchObject({ state: 'unknown', seconds: null });
    const { phases } = await world.rehearsed();
    const sum = phases.reduce((all, { phase, seconds }) => all + (phase === 'drop' ? 0 : seconds), 0);
    const { recoveryTime, last, lastPassed, underWay, refusal } = await world.view();
    expect(recoveryTime).toMatchObject({ state: 'within', objectiveSeconds: 4 * 3600, isOfTier: true });
    expect(recoveryTime.seconds).toBeCloseTo(sum, 6);
    expect([last?.state, last?.id, underWay, refusal]).toEqual(['done', lastPassed?.id, null, null]);
    expect((await world.view(world.config({}))).choices).toEqual([
      expect.objectContaining({ copy: copy.id, level: 4 }),
    ]);
    await shiftTime(world.database.url, 31 * 86_400_000);
    expect((await world.view()).recoveryTime.state).toBe('unknown');
  });

  test('lifts a copy that was only read in full', async () => {
    const bare = world.config({ scratch: undefined });
    const { id } = await world.proven(bare);
    expect(await levelOf(id)).toBe(3);
    await world.rehearsed(undefined, { copy: id });
    expect(await levelOf(id)).toBe(4);
  });
});

describe('a drill that fails', () => {
  test('over bytes that rotted says so in the phase that fetches, and the copy falls', async () => {
    fs.appendFileSync(fileOf(copy.object), 'x');
    const drill = await world.rehearsed();
    expect(drill).toMatchObject({ state: 'failed', phase: 'fetch', phases: [], isFaultOfCopy: true });
    expect(drill.sentence).toMatch(/^SHA-256: is/);
    expect(await lastCheck(copy.id)).toMatchObject({ level: 1, result: 'failed' });
    expect(await levelOf(copy.id)).toBe(0);
    expect((await told()).at(-1)).toMatchObject({ action: 'backup.drill_failed', result: 'failed' });
    expect((await world.view()).refusal).toMatch(/No copy of it was read in full/);
  });

  test('over a copy that was cut says so in the phase that loads, with the words of the tool', async () => {
    await cutUnseen(world, copy);
    const drill = await world.rehearsed();
    expect(drill).toMatchObject({ state: 'failed', phase: 'load', isFaultOfCopy: true });
    expect(drill.phases.map(({ phase }) => phase)).toEqual(['fetch', 'create', 'drop']);
    expect(drill.sentence).toMatch(/^pg_restore ended with code 1/);
    expect(await lastCheck(copy.id)).toMatchObject({ level: 4, result: 'failed' });
    expect(await levelOf(copy.id)).toBe(3);
    expect(await world.scratches()).toEqual([]);
  });

  test.each([
    [
      'a scratch server that cannot be reached',
      () =>
        world.config({ scratch: world.secret('no.url', 'postgresql://u:hidden-word@127.0.0.1:9/postgres') }),
      'create',
      /^The scratch server cannot be used: .*ECONNREFUSED/,
    ],
    [
      'a scratch server that is full',
      () =>
        world.config(
          {},
          {
            tools: world.toolsWith(
              'pg_restore',
              `case "$*" in *--dbname*) echo "pg_restore: error: could not extend file: No space left on device" >&2; exit 1;; esac; exec $REAL "$@"`,
            ),
          },
        ),
      'load',
      /^The scratch server stood in the way of the restore: No space left on device/,
    ],
    ['tools that are not there', () => world.config({}, { tools: world.root }), null, /are not all in/],
    [
      'a secret that is no URL',
      () => world.config({ scratch: world.secret('odd.url', 'hidden-word') }),
      null,
      /is no URL/,
    ],
  ] as const)('%s is no fault of the copy', async (_, config, phase, says) => {
    const given = config();
    await world.ask({}, given);
    await world.carryOut(given);
    const drill = await world.newest();
    expect(drill).toMatchObject({ state: 'failed', phase, isFaultOfCopy: false });
    expect(drill.sentence).toMatch(says);
    expect(JSON.stringify([drill.sentence, drill.evidence])).not.toContain('hidden-word');
    expect(await levelOf(copy.id)).toBe(4);
    expect(await world.scratches()).toEqual([]);
  });

  test('is told outside, once', async () => {
    const config = {
      ...world.config({ scratch: world.secret('no.url', 'postgresql://u:p@127.0.0.1:9/postgres') }),
      notifications: { webhooks: [{ id: 'chat', url: { env: 'CHAT' } }] },
    };
    await world.rehearsed(config);
    const messages = await world.db.outbox.findMany({ where: { event: 'backup.drill_failed' } });
    expect(messages.map(({ webhook }) => webhook)).toEqual(['chat']);
    expect(JSON.stringify(messages[0]?.payload)).toContain('A drill of Shop failed.');
  });
});

describe('workers', () => {
  test('two of them carry a drill out once', async () => {
    await world.ask();
    const begun = await Promise.all([world.carryOut(undefined, 'one'), world.carryOut(undefined, 'two')]);
    expect(begun.toSorted()).toEqual([0, 1]);
    expect((await told()).filter(({ action }) => action === 'backup.drill_passed')).toHaveLength(1);
  });

  test('one that is stopped cancels its drill and drops its database; the copy stands as it stood', async () => {
    const { config } = world.held();
    const stopping = new AbortController();
    await world.ask({}, config);
    const carrying = world.carryOut(config, 'w1', stopping.signal);
    await loading();
    stopping.abort();
    await carrying;
    const drill = await world.newest();
    expect(drill).toMatchObject({
      state: 'cancelled',
      phase: 'load',
      isFaultOfCopy: false,
      leaseOwner: null,
    });
    expect(drill.phases.map(({ phase }) => phase)).toEqual(['fetch', 'create']);
    expect(await world.scratches()).toEqual([]);
    expect(await levelOf(copy.id)).toBe(4);
    // It says nothing of the copy, so it is not the last drill.
    expect((await world.view()).last).toBe(null);
    expect((await told()).at(-1)).toMatchObject({ action: 'backup.drill_cancelled' });
  });

  test('one that is killed in the middle: another one ends its drill, and its database is dropped', async () => {
    const { input, go } = world.held();
    await world.ask();
    const doomed = startDoomed('drills', { url: world.database.url, config: input });
    await loading();
    expect(await doomed.kill()).toBe('SIGKILL');
    // Its lease is not over yet: nobody touches it.
    expect(await clearAbandonedDrills(world.copier(undefined, 'w2'))).toBe(0);
    expect(await world.scratches()).toHaveLength(1);
    await shiftTime(world.database.url, 21_000);
    expect(await clearAbandonedDrills(world.copier(undefined, 'w2'))).toBe(1);
    const drill = await world.newest();
    expect(drill).toMatchObject({
      state: 'failed',
      phase: 'load',
      isFaultOfCopy: false,
      sentence: 'The worker doomed gave no sign of life any more; the drill was not finished.',
    });
    expect(await world.scratches()).toEqual([]);
    go();
    expect(await world.rehearsed()).toMatchObject({ state: 'done' });
  });

  test('one that lost its drill to another changes nothing of it', async () => {
    const { config, go } = world.held();
    await world.ask({}, config);
    const carrying = world.carryOut(config);
    const { id } = await loading();
    await world.db
      .$executeRaw`UPDATE restore_run SET lease_until = app.now() - interval '1 s' WHERE id = ${id}::uuid`;
    expect(await clearAbandonedDrills(world.copier(undefined, 'w2'))).toBe(1);
    go();
    await carrying;
    expect(await world.newest()).toMatchObject({
      state: 'failed',
      sentence: expect.stringMatching(/gave no sign of life/),
    });
    expect(await levelOf(copy.id)).toBe(4);
    expect(await world.scratches()).toEqual([]);
  });

  test('a drill whose scratch server was taken out of the configuration is cancelled', async () => {
    await world.ask();
    const bare = world.config({ scratch: undefined });
    expect(await world.carryOut(bare)).toBe(0);
    expect(await clearAbandonedDrills(world.copier(bare))).toBe(1);
    expect(await world.newest()).toMatchObject({ state: 'cancelled', phase: null });
  });
});
