import { describe, expect, test } from 'vitest';
import { newId } from '@/lib/core/ids';
import { testConfig } from '@/lib/service/testing/config';
import { person } from '@/worker/testing/people';
import { addExclusion } from './add-exclusion';
import {
  add,
  at,
  config,
  db,
  environment,
  hour,
  incident,
  openLedgerWorld,
  people,
  slo,
  staged,
  sumOf,
  view,
} from './testing/world';
import { ledgerView } from './view';
import { voidEntry } from './void-entry';
import { voidExclusion } from './void-exclusion';

openLedgerWorld();

describe('entries', () => {
  test('are recorded with their text, and never change', async () => {
    const { id } = await add({ note: '  Long story ', link: 'https://example.com/incident/7' });
    expect(await staged()).toContainEqual(
      expect.objectContaining({
        action: 'slo.entry_added',
        target: 'slo:shop-availability',
        details: expect.objectContaining({ id, cause: 'incident', title: 'Database fail-over' }),
      }),
    );
    await expect(db.sloEntry.update({ where: { id }, data: { title: 'Something else' } })).rejects.toThrow(
      'never edited',
    );
    const undo = () => voidEntry({ actor: people.devops, config, slo, id, input: { reason: 'Twice' } }, db);
    const results = await Promise.allSettled([undo(), undo()]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(undo()).rejects.toMatchObject({ code: 'precondition' });
    await expect(db.sloEntry.update({ where: { id }, data: { voidedAt: null } })).rejects.toThrow(
      'never edited',
    );
    expect((await staged()).filter(({ details }) => details.id === id).map(({ action }) => action)).toEqual([
      'slo.entry_added',
      'slo.entry_voided',
    ]);
  });

  test('are refused from those who may not, and where they make no sense', async () => {
    await expect(add({}, people.stakeholder)).rejects.toMatchObject({ code: 'forbidden' });
    const field = (path: string) => ({ code: 'invalid', fields: [expect.objectContaining({ path })] });
    await expect(add({ to: incident.from })).rejects.toMatchObject(field('to'));
    await expect(add({ from: at(-40 * 86_400) })).rejects.toMatchObject(field('to'));
    await expect(add({ from: at(7 * hour), to: at(8 * hour) })).rejects.toMatchObject(field('from'));
    await expect(add({ region: 'mars' })).rejects.toMatchObject(field('region'));
    await expect(add({ change: 'c-999' })).rejects.toMatchObject(field('change'));
    await expect(add({ environment: 'staging' })).rejects.toMatchObject({ code: 'not-found' });
    const voiding = { actor: people.sre, config, slo, input: { reason: 'None' } };
    await expect(voidEntry({ ...voiding, id: newId() }, db)).rejects.toMatchObject({ code: 'not-found' });
    await expect(voidEntry({ ...voiding, actor: people.stakeholder, id: newId() }, db)).rejects.toMatchObject(
      { code: 'forbidden' },
    );
  });

  test('maintenance may be planned ahead', async () => {
    const ahead = { cause: 'maintenance' as const, from: at(30 * hour), to: at(31 * hour) };
    expect((await add(ahead)).cause).toBe('maintenance');
    await expect(add({ ...ahead, from: at(40 * 86_400), to: at(41 * 86_400) })).rejects.toMatchObject({
      code: 'invalid',
    });
  });
});

describe('exclusions', () => {
  const once = {
    kind: 'once' as const,
    environment,
    reason: 'Fire drill of the data centre',
    from: at(0),
    to: at(900),
  };
  const exclude = (input: Parameters<typeof addExclusion>[0]['input'], actor = people.engineering) =>
    addExclusion({ actor, config, slo, input }, db);

  test('leave good and bad out of the figures, and can be looked through', async () => {
    const before = await view({}, people.engineering);
    const { id } = await exclude(once);
    const applied = await view();
    expect(before.spent.failed - applied.spent.failed).toBe(1503 + 3);
    expect(before.requests - applied.requests).toBe(2 * 3 * 10_000);
    expect(applied.exclusions).toMatchObject({ applied: true, excludedSeconds: 900 });
    expect(applied.coverage).toBe(before.coverage);
    expect(sumOf(applied)).toBeCloseTo(applied.spent.failed, 6);
    expect((await view({ exclusions: 'ignored' })).spent).toEqual(before.spent);
    await voidExclusion(
      { actor: people.engineering, config, slo, id: id ?? '', input: { reason: 'It was real' } },
      db,
    );
    const after = await view();
    expect(after.spent).toEqual(before.spent);
    expect(after.exclusions.rows).toMatchObject([
      {
        id,
        reason: once.reason,
        secondsInWindow: 0,
        voided: { by: 'Ella Lindqvist', reason: 'It was real' },
      },
    ]);
    const actions = (await staged()).filter(({ details }) => details.id === id).map(({ action }) => action);
    expect(actions).toEqual(['slo.exclusion_added', 'slo.exclusion_voided']);
    await expect(db.sloExclusion.update({ where: { id: id ?? '' }, data: { reason: '' } })).rejects.toThrow(
      'never edited',
    );
  });

  test('come back by a rule, from people and from the configuration', async () => {
    const recurring = {
      kind: 'recurring' as const,
      environment,
      reason: 'Nightly restore test',
      rule: 'FREQ=DAILY',
      starts: '2026-01-01T02:00',
      zone: 'Europe/Berlin',
      seconds: 1800,
    };
    const { id } = await exclude(recurring);
    const rows = (await view()).exclusions.rows.filter((row) => row.id === id);
    expect(rows).toMatchObject([{ when: { kind: 'recurring', rule: 'FREQ=DAILY', zone: 'Europe/Berlin' } }]);
    expect(rows[0]?.secondsInWindow).toBeGreaterThanOrEqual(29 * 1800);
    const written = testConfig(
      {},
      {
        slos: [
          {
            id: slo,
            service: 'shop-api',
            name: 'Availability',
            objective: '99.95',
            exclusions: [{ reason: 'As configured', from: at(0), to: at(300) }],
          },
        ],
      },
    );
    const ledger = await ledgerView(written, { slo, exclusions: 'applied', horizonHours: 4 }, people.sre, db);
    expect(ledger.exclusions.rows[0]).toMatchObject({
      id: null,
      reason: 'As configured',
      secondsInWindow: 300,
    });
  });

  test('only leads make them, and only of spans that can be', async () => {
    await expect(exclude(once, people.sre)).rejects.toMatchObject({ code: 'forbidden' });
    const admin = await person(db, 'Ada Min', ['admin']);
    await expect(exclude(once, admin)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(exclude({ ...once, to: once.from })).rejects.toMatchObject({ code: 'invalid' });
    const rule = { kind: 'recurring' as const, environment, reason: 'Every day', starts: '2026-01-01T02:00' };
    await expect(exclude({ ...rule, rule: 'FREQ=HOURLY', zone: 'UTC', seconds: 60 })).rejects.toMatchObject({
      code: 'invalid',
      fields: [{ path: 'rule' }],
    });
    const voiding = { config, slo, id: newId(), input: { reason: 'None' } };
    await expect(voidExclusion({ ...voiding, actor: people.devops }, db)).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(voidExclusion({ ...voiding, actor: people.sre }, db)).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  test('planned maintenance is one where the objective says so', async () => {
    await add({ cause: 'maintenance', region: undefined, from: at(0), to: at(900) });
    const excluding = testConfig(
      {},
      {
        slos: [{ id: slo, service: 'shop-api', name: 'A', objective: '99.95', maintenance: 'excluded' }],
      },
    );
    const ask = { slo, exclusions: 'applied' as const, horizonHours: 4 };
    const [counts, excluded] = [await view(), await ledgerView(excluding, ask, people.sre, db)];
    expect(counts.spent.failed - excluded.spent.failed).toBe(1503 + 3);
    expect(excluded.exclusions.maintenance).toBe('excluded');
  });
});
