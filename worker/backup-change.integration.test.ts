import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { makeDueCopies } from '@/lib/backup/make-copy';
import { readRecord } from '@/lib/change/history/read-record';
import { recordText } from '@/lib/change/history/record-text';
import { abortChange, pauseChange, resumeChange } from '@/lib/change/steer-change';
import { viewChange } from '@/lib/change/view-change';
import { changeNumber } from '@/lib/core/ids';
import { brokeOff, DATABASE, type DataWorld, dataWorld, dieAt } from './testing/data-world';
import { change, planned, reaches, requested, signed, until, type World, writes } from './testing/world';

let data: DataWorld;
beforeAll(async () => {
  data = await dataWorld();
});
afterEach(() => data.clean());
afterAll(() => data.stop());

const ask = { kind: 'backup', database: DATABASE } as const;
const ended = ['Succeeded', 'Failed', 'BackedOut', 'Voided'] as const;

const copyOf = (world: World, id: string) =>
  world.db.backupCopy.findFirst({ where: { changeNumber: changeNumber(id) } });
const isState = (world: World, id: string, state: string) => async (): Promise<boolean> =>
  (await copyOf(world, id))?.state === state;
const outcome = async (world: World, id: string): Promise<string> =>
  JSON.stringify((await change(world, id)).outcome);

async function approved(world: World): Promise<string> {
  const id = await requested(world, ask);
  await signed(world, id);
  return id;
}

test('one copy is made and proven by a restore, nothing in the cluster is written, and the record has it', async () => {
  const config = data.configOf();
  const world = data.under(config);
  await data.start(config, { id: 'one' });
  await data.start(config, { id: 'two' });
  const id = await approved(world);
  await reaches(world, id, ...ended);
  expect((await change(world, id)).state, await outcome(world, id)).toBe('Succeeded');
  const copy = await copyOf(world, id);
  expect(copy).toMatchObject({ state: 'kept', level: 4, cause: 'change', databaseId: DATABASE });
  expect(await world.db.backupCopy.count()).toBe(1);
  expect(data.copies.files()).toEqual([copy?.object, `${copy?.object}.json`]);
  expect(writes(world)).toHaveLength(0);
  const view = await viewChange({ actor: world.people.sre, config, id }, world.db);
  expect(view.steps.map(({ kind, state }) => [kind, state])).toEqual([
    ['copy', 'done'],
    ['verify', 'done'],
  ]);
  expect(view).toMatchObject({ copy: { level: 4 }, script: null, drift: [], watch: null });
  expect(view.change.title).toBe('Back up Shop');
  expect(view.change.outcome?.sentence).toBe('There is a copy of Shop, proven to L4.');
  const record = await readRecord(config, id, world.db);
  expect(record).toMatchObject({ objects: [], writes: [], planHashFits: true, copy: { level: 4 } });
  expect(record.cost).toEqual({ state: 'no-requests', lines: [] });
  expect(recordText(record)).toContain(`Copy: ${copy?.object}, kept`);
  const actions = (await data.copies.audit()).map(({ action }) => action);
  expect(actions).toEqual(
    expect.arrayContaining([
      'change.started',
      'backup.asked',
      'backup.started',
      'backup.kept',
      'change.succeeded',
    ]),
  );
});

test('the plan says what is copied, with which tool and how far it has to be proven', async () => {
  const config = data.configOf({ backup: { scratch: undefined } });
  const world = data.under(config);
  await data.start(config);
  const { plan, prechecks } = await planned(world, ask, config);
  expect(plan).toMatchObject({
    kind: 'backup',
    data: { do: 'backup', database: DATABASE, serverDatabase: 'shop', level: 3, tool: { name: 'pg_dump' } },
    guard: { judges: false },
    target: { name: 'fraiseql-api' },
  });
  expect(prechecks).toContainEqual(expect.objectContaining({ id: 'scratch', result: 'warn' }));
  expect(JSON.stringify(plan)).not.toContain('correct-horse');
});

test('an older pg_dump blocks the plan and says what to install', async () => {
  const tools = data.copies.toolsWith('pg_dump', 'echo "pg_dump (PostgreSQL) 14.9"');
  const config = data.configOf({ tools });
  await data.start(config);
  const { prechecks } = await planned(data.under(config), ask, config);
  expect(prechecks).toContainEqual(
    expect.objectContaining({
      id: 'tools',
      result: 'fail',
      detail: expect.stringMatching(/14\.9 is older than the server.*Install/),
    }),
  );
});

test('what is not there is refused with what to do', async () => {
  const config = data.configOf();
  const none = { ...config, databases: config.databases.map(({ backup: _, ...rest }) => rest) };
  await expect(planned(data.under(none), ask, none)).rejects.toThrow(
    /How copies of Shop are made is not configured/,
  );
  await expect(planned(data.under(config), { ...ask, database: 'other' }, config)).rejects.toThrow(
    /other is no database of fraiseql-api/,
  );
});

test('a dump that breaks fails the change in the words of the copy', async () => {
  const broken = data.copies.toolsWith(
    'pg_dump',
    'case "$1" in --version) exec $REAL "$@";; esac\necho "pg_dump: error: permission denied for table customer" >&2\nexit 1',
  );
  const config = data.configOf({ tools: broken });
  const world = data.under(config);
  await data.start(config);
  const id = await approved(world);
  await reaches(world, id, ...ended);
  expect((await change(world, id)).state).toBe('Failed');
  expect(await outcome(world, id)).toMatch(/may not read everything: permission denied for table customer/);
  expect(data.copies.files()).toEqual([]);
  expect(await world.db.backupCopy.count()).toBe(1);
});

test('a copy that a look finds spoilt fails the change', async () => {
  const broken = data.copies.toolsWith(
    'pg_restore',
    'for a in "$@"; do case "$a" in --file=*) echo "pg_restore: error: could not uncompress data" >&2; exit 1;; esac; done\nexec $REAL "$@"',
  );
  const config = data.configOf({ tools: broken });
  const world = data.under(config);
  await data.start(config);
  const id = await approved(world);
  await reaches(world, id, ...ended);
  expect((await change(world, id)).state).toBe('Failed');
  expect(await outcome(world, id)).toMatch(/The copy is not good: .*could not uncompress data/);
  expect((await copyOf(world, id))?.state).toBe('kept');
});

test('an abort before it began withdraws it', async () => {
  const config = data.configOf();
  const world = data.under(config);
  await data.start(config, { makes: false });
  const id = await approved(world);
  await until('it is wanted', isState(world, id, 'wanted'));
  await abortChange({ actor: world.people.devops, id, reason: 'not now' }, world.db);
  await reaches(world, id, ...ended);
  expect((await change(world, id)).state).toBe('BackedOut');
  expect(await outcome(world, id)).toMatch(/Dara Okafor aborted: not now\. No copy was begun\./);
  expect(await world.db.backupCopy.count()).toBe(0);
  expect((await change(world, id)).reviewDueAt).toBe(null);
});

test('an abort while it is made stops it, and nothing of it is left', async () => {
  const config = data.configOf();
  const world = data.under(config);
  const letGo = await data.copies.lock();
  await data.start(config);
  const id = await approved(world);
  await until('it is made', isState(world, id, 'running'));
  await abortChange({ actor: world.people.devops, id, reason: 'the disk is needed' }, world.db);
  await reaches(world, id, ...ended);
  await letGo();
  expect((await change(world, id)).state).toBe('BackedOut');
  expect(await copyOf(world, id)).toMatchObject({
    state: 'failed',
    error: expect.stringContaining('Dara Okafor aborted: the disk is needed'),
  });
  expect(data.copies.files()).toEqual([]);
});

test('an abort after it is kept leaves it', async () => {
  const broken = data.copies.toolsWith(
    'pg_restore',
    'case "$*" in *--dbname=*) sleep 30;; esac\nexec $REAL "$@"',
  );
  const config = data.configOf({ tools: broken });
  const world = data.under(config);
  await data.start(config);
  const id = await approved(world);
  await reaches(world, id, 'Watching', ...ended);
  await abortChange({ actor: world.people.devops, id, reason: 'enough' }, world.db);
  await reaches(world, id, ...ended);
  expect((await change(world, id)).state).toBe('BackedOut');
  expect(await outcome(world, id)).toMatch(/had been kept before, and stays/);
  expect((await copyOf(world, id))?.state).toBe('kept');
});

test('a pause and a FREEZE keep it from beginning, and it begins after them', async () => {
  const config = data.configOf();
  const world = data.under(config);
  const copier = data.copies.copier(config);
  await data.start(config, { makes: false });
  const id = await approved(world);
  await until('it is wanted', isState(world, id, 'wanted'));
  await pauseChange({ actor: world.people.sre, id, reason: 'a moment' }, world.db);
  await reaches(world, id, 'Paused');
  expect(await makeDueCopies(copier)).toBe(0);
  await resumeChange({ actor: world.people.sre, id, reason: 'now' }, world.db);
  await reaches(world, id, 'Running');
  const { id: by, name, email } = world.people.devops;
  await world.db.killSwitch.create({
    data: {
      verb: 'freeze',
      scope: 'everywhere',
      reason: 'look first',
      pulledById: by,
      pulledByName: name,
      pulledByEmail: email,
    },
  });
  await reaches(world, id, 'Frozen');
  expect(await makeDueCopies(copier)).toBe(0);
  await world.db.killSwitch.deleteMany();
  await reaches(world, id, 'Running');
  expect(await makeDueCopies(copier)).toBe(1);
  await reaches(world, id, 'Watching');
});

test.each(['before-intent', 'act-sent', 'moved'] as const)(
  'a run that dies at %s is finished with one copy',
  async (point) => {
    const config = data.configOf({ backup: { scratch: undefined } });
    const world = data.under(config);
    await data.start(config, { reached: dieAt(point), makes: point === 'moved', id: 'one' });
    const id = await approved(world);
    await brokeOff(world, changeNumber(id));
    await data.start(config, { id: 'two' });
    await reaches(world, id, ...ended);
    expect((await change(world, id)).state, await outcome(world, id)).toBe('Succeeded');
    expect(await world.db.backupCopy.count()).toBe(1);
  },
);

test('a worker that drains while it copies leaves the copy to the next one', async () => {
  const config = data.configOf({ backup: { scratch: undefined } });
  const world = data.under(config);
  const letGo = await data.copies.lock();
  await data.start(config, { id: 'one' });
  const id = await approved(world);
  await until('it is made', isState(world, id, 'running'));
  await data.stopWorkers();
  expect(await copyOf(world, id)).toMatchObject({ state: 'wanted', leaseOwner: null });
  expect(data.copies.files()).toEqual([]);
  await letGo();
  await data.start(config, { id: 'two' });
  await reaches(world, id, ...ended);
  expect((await change(world, id)).state, await outcome(world, id)).toBe('Succeeded');
});
