import { describe, expect, it } from 'vitest';
import { letCopiesGo } from './let-copies-go';
import {
  audit,
  config,
  db,
  nights,
  openRetentionWorld,
  people,
  put,
  run,
  states,
  stopCodes,
  viewNow,
} from './testing/world';

openRetentionWorld();

describe('the word of a lead', () => {
  it('stops when much would go: nothing is marked until a lead let exactly these go', async () => {
    const ids = await nights(21);
    expect(await stopCodes()).toEqual(['count', 'share']);
    expect(await stopCodes()).toEqual(['count', 'share']);
    expect(new Set(await states(ids))).toEqual(new Set(['kept']));
    expect((await audit()).map(({ action, result }) => `${action} ${result}`)).toEqual([
      'backup.retention_stopped refused',
    ]);
    const { awaits, mayLetGo } = await viewNow();
    expect(awaits.toSorted()).toEqual(ids.slice(7).toSorted());
    expect(mayLetGo).toBe(true);
    const call = {
      actor: people.devops,
      config: config(),
      database: 'shop',
      input: { copies: awaits, why: 'Old folder' },
    };
    await letCopiesGo(call, db);
    await letCopiesGo(call, db);
    expect((await viewNow()).letGo?.by).toBe(people.devops.name);
    expect(await run()).toMatchObject({ marked: 14, stops: [] });
    const told = await audit();
    expect(told.filter(({ action }) => action === 'backup.let_go')).toMatchObject([
      { reason: 'Old folder', actor: { id: people.devops.id }, details: { copies: 14 } },
    ]);
    const marks = told.filter(({ action }) => action === 'backup.tombstoned');
    expect(marks).toHaveLength(14);
    expect(marks.every(({ details }) => details['letGoBy'] === people.devops.name)).toBe(true);
    expect((await viewNow()).letGo).toBeNull();
  });

  it('marks no copy that joined the list after the word', async () => {
    const ids = await nights(21);
    await run();
    const input = { copies: (await viewNow()).awaits, why: 'Old folder' };
    await letCopiesGo({ actor: people.devops, config: config(), database: 'shop', input }, db);
    const late = await put(30);
    expect(await stopCodes()).toEqual(['count', 'share']);
    expect(new Set(await states([...ids, late]))).toEqual(new Set(['kept']));
  });

  it('takes no word from who may not give it, for another list, or when nothing waits', async () => {
    await nights(21);
    const call = (actor = people.devops, copies: string[] = []) =>
      letCopiesGo({ actor, config: config(), database: 'shop', input: { copies, why: 'Old folder' } }, db);
    await expect(call(people.devops, ['x'])).rejects.toMatchObject({ code: 'precondition' });
    await run();
    const { awaits } = await viewNow();
    await expect(call(people.sre, awaits)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(call(people.stakeholder, awaits)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(call(people.devops, awaits.slice(1))).rejects.toMatchObject({ code: 'conflict' });
    await expect(
      letCopiesGo(
        {
          actor: people.devops,
          config: config(),
          database: 'nowhere',
          input: { copies: awaits, why: 'why' },
        },
        db,
      ),
    ).rejects.toMatchObject({ code: 'not-found' });
    expect((await viewNow()).letGo).toBeNull();
  });

  it('no word of a person outweighs a clock', async () => {
    await nights(21);
    await run();
    const input = { copies: (await viewNow()).awaits, why: 'Old folder' };
    await letCopiesGo({ actor: people.devops, config: config(), database: 'shop', input }, db);
    expect(await stopCodes(config(), 120_000)).toEqual(['clock']);
  });
});
