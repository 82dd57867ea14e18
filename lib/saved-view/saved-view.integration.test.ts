import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '@/lib/access/model';
import { newId } from '@/lib/core/ids';
import { createDatabase, type Database } from '@/lib/db/client';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { type Team, team } from '@/worker/testing/people';
import { changeView } from './change-view';
import type { SaveView } from './contract';
import { deleteView } from './delete-view';
import { VIEWS_MAX } from './model';
import { saveView } from './save-view';
import { listViews } from './store';

let database: TestDatabase;
let db: Database;
let people: Team;
beforeAll(async () => {
  database = await testDatabase();
  db = createDatabase(database.url);
  people = await team(db);
}, 60_000);
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const save = (actor: Person, name: string, more: Partial<SaveView> = {}) =>
  saveView({ actor, input: { page: 'slos', name, query: 'group=service', shared: false, ...more } }, db);
const seenBy = async (actor: Person) => (await listViews(db, actor, 'slos')).map(({ name }) => name);
const staged = async (id: string) => {
  const rows = await db.auditStaged.findMany({ orderBy: { n: 'asc' } });
  return rows
    .map(({ body }): { action: string; target: string; details: Record<string, unknown> } => JSON.parse(body))
    .filter(({ target }) => target === `view:${id}`);
};

describe('a saved view', () => {
  test('is its owner’s alone until it is shared, and is recorded with every move', async () => {
    const view = await save(people.sre, 'Payments', { query: 'group=owner&state=exhausted' });
    expect(view).toMatchObject({ query: 'state=exhausted&group=owner', owner: 'Sam Reyes', isMine: true });
    expect(await seenBy(people.sre)).toEqual(['Payments']);
    expect(await seenBy(people.stakeholder)).toEqual([]);
    await changeView({ actor: people.sre, id: view.id, input: { shared: true, name: 'Money' } }, db);
    const [shared] = await listViews(db, people.stakeholder, 'slos');
    expect(shared).toMatchObject({ name: 'Money', isMine: false, mayChange: false, owner: 'Sam Reyes' });
    await deleteView({ actor: people.sre, id: view.id }, db);
    expect(await seenBy(people.sre)).toEqual([]);
    expect((await staged(view.id)).map(({ action, details }) => [action, details['name']])).toEqual([
      ['view.saved', 'Payments'],
      ['view.changed', 'Money'],
      ['view.deleted', 'Money'],
    ]);
  });

  test('of somebody else is not found while private, and looked after by leads while shared', async () => {
    const { id } = await save(people.stakeholder, 'Board');
    const rename = (actor: Person) => changeView({ actor, id, input: { name: `By ${actor.name}` } }, db);
    await expect(rename(people.sre)).rejects.toMatchObject({ code: 'not-found' });
    await expect(rename(people.devops)).rejects.toMatchObject({ code: 'not-found' });
    await changeView({ actor: people.stakeholder, id, input: { shared: true } }, db);
    await expect(rename(people.sre)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(deleteView({ actor: people.sre, id }, db)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await rename(people.devops)).toMatchObject({
      owner: 'Stella Kim',
      isMine: false,
      mayChange: true,
    });
    // It is its owner's again: not even the lead who ended the sharing sees it.
    await changeView({ actor: people.devops, id, input: { shared: false } }, db);
    await expect(deleteView({ actor: people.devops, id }, db)).rejects.toMatchObject({ code: 'not-found' });
    await deleteView({ actor: people.stakeholder, id }, db);
    await expect(deleteView({ actor: people.stakeholder, id: newId() }, db)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('has a name of its own, whatever its case, also when two are saved at once', async () => {
    const both = await Promise.allSettled([save(people.sre, 'Hot'), save(people.sre, 'HOT')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(save(people.sre, 'hot')).rejects.toMatchObject({ code: 'conflict' });
    // Another person may use the same name.
    await save(people.engineering, 'hot');
    const other = await save(people.sre, 'Cold');
    const rename = (name: string) => changeView({ actor: people.sre, id: other.id, input: { name } }, db);
    await expect(rename('hOt')).rejects.toMatchObject({ code: 'conflict' });
    expect(await rename('COLD')).toMatchObject({ name: 'COLD' });
  });

  test('keeps no query that its page does not know', async () => {
    const field = { code: 'invalid', fields: [expect.objectContaining({ path: 'query' })] };
    await expect(save(people.sre, 'Odd', { query: 'delete=1' })).rejects.toMatchObject(field);
    const { id } = await save(people.sre, 'Even');
    await expect(
      changeView({ actor: people.sre, id, input: { query: 'text=a&text=b' } }, db),
    ).rejects.toMatchObject(field);
    expect(await staged(id)).toHaveLength(1);
  });

  test('is refused when there are too many, also at once', async () => {
    const { devops } = people;
    for (let n = 0; n < VIEWS_MAX - 1; n += 1) await save(devops, `View ${n}`);
    const last = await Promise.allSettled([save(devops, 'Last A'), save(devops, 'Last B')]);
    expect(last.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(save(devops, 'One more')).rejects.toMatchObject({ code: 'precondition' });
    expect(await seenBy(devops)).toHaveLength(VIEWS_MAX);
  });

  test('goes with its account', async () => {
    const { engineering } = people;
    await db.roleGrant.deleteMany({ where: { userId: engineering.id } });
    await db.user.delete({ where: { id: engineering.id } });
    expect(await db.savedView.count({ where: { personId: engineering.id } })).toBe(0);
  });
});
