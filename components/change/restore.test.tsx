// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { backups, copy, database, drillList, drills } from '@/components/backup/testing/backups';
import type { RequestPlan } from '@/lib/change/contract';
import { DataFields } from './data-fields';
import { PlanParts } from './plan-view';
import { differenceText, outageSeconds } from './restore-plan';
import { testPlanHash } from './test-view';
import { body, canned, show } from './testing/canned';
import { restoreChange, restoreData } from './testing/data-view';

const world = canned();

describe('the plan of a restore', () => {
  const parts = (data: Partial<typeof restoreData> = {}) => {
    const { plan } = restoreChange('InReview', null);
    show(
      <PlanParts
        plan={{ ...plan, data: { ...restoreData, ...data } }}
        planHash={testPlanHash}
        script={null}
      />,
    );
  };

  it('says first what it costs: what is lost, how long nobody gets in, whose sessions are ended', () => {
    parts();
    expect(screen.getAllByRole('heading')[0]?.textContent).toContain('What this costs');
    for (const said of [
      '24,200 rows in the copy, 24,950 now (14 tables)',
      '21 of others are ended',
      'about 1 min',
      'kept for 7 d',
      'shop_pre_',
      'restored and found right (L4)',
    ])
      expect(body()).toContain(said);
    expect(body()).not.toMatch(/dry run|ReplicaSet|Guard/);
  });

  it('lists the tables that differ, and how many more', () => {
    parts();
    const table = within(screen.getByRole('table', { name: /Rows of each table/ }));
    expect(table.getByText('700 fewer')).toBeDefined();
    expect(table.getByText('comes back')).toBeDefined();
    expect(table.getByText('not known')).toBeDefined();
    expect(body()).toContain('And 2 more tables that differ less.');
  });

  it('says what no count shows where no table differs', () => {
    parts({ rows: { tables: 1, copy: 5, now: 5, differing: [], unnamed: 0 } });
    expect(body()).toContain('changed in place are not counted by that');
    expect(body()).toContain('(1 table)');
  });

  it('never takes what could not be counted for the same', () => {
    parts({ rows: { tables: 14, copy: 24_200, now: null, differing: [], unnamed: 0 } });
    expect(body()).toContain('how many there are now could not be counted');
    expect(body()).toContain('Not known: the rows that are there now could not be counted');
    expect(body()).not.toContain('Every table has as many rows');
  });

  it('warns where no safety copy is made, and says what is not known', () => {
    const { plan } = restoreChange('InReview', null);
    const steps = plan.steps.map((step) => ({ ...step, usualSeconds: null }));
    show(
      <PlanParts
        plan={{ ...plan, steps, data: { ...restoreData, safetyCopy: false, sessions: 0 } }}
        planHash={testPlanHash}
        script={null}
      />,
    );
    expect(body()).toContain('none: what was written since the copy is then in the old database alone');
    expect(body()).toContain('how long is not known, no drill says it');
    expect(body()).toContain('none of others');
    expect(body()).toContain('RPO: not known, it could not be read yet');
  });

  it('compares itself with the objectives once they were read', async () => {
    world.answers = {
      backups: backups(database({ id: restoreData.database })),
      drills: drillList(true, drills({ database: restoreData.database })),
    };
    parts();
    expect(await screen.findByText(/so much may be lost at most/)).toBeDefined();
    expect(await screen.findByText(/this keeps it/)).toBeDefined();
  });

  it('explains why the guides are not followed', () => {
    parts();
    expect(body()).toContain('51 minutes old');
    expect(body()).toContain('only a base backup takes WAL');
  });

  it('adds up what is down, and never a part of it', () => {
    const { plan } = restoreChange('InReview', null);
    expect(outageSeconds(plan)).toBe(60);
    const [first, ...rest] = plan.steps;
    if (first === undefined) throw new Error('It has steps.');
    expect(outageSeconds({ steps: [{ ...first, usualSeconds: null }, ...rest] })).toBe(60);
    expect(
      outageSeconds({
        steps: plan.steps.map((one) => (one.kind === 'load' ? { ...one, usualSeconds: null } : one)),
      }),
    ).toBe(null);
    expect(outageSeconds({ steps: [] })).toBe(null);
  });

  it.each([
    [9000, 9700, '700 fewer'],
    [9700, 9000, '700 more'],
    [5, 5, 'as many'],
    [5, null, 'comes back'],
    [null, 70, 'not known'],
  ])('of %s rows in the copy and %s now: %s', (copied, now, words) => {
    expect(differenceText(copied, now)).toBe(words);
  });
});

describe('the form', () => {
  const place = { service: 'shop-api', environment: 'production', region: 'us-east-1' };
  const options = [
    { id: 'shop-us', name: 'Shop' },
    { id: 'other', name: 'Other' },
  ];
  const fresh = new Date().toISOString();
  const good = copy(0, { provenAt: fresh });
  const old = copy(1, { provenAt: '2026-01-01T00:00:00.000Z' });
  const value = { kind: 'restore', ...place, database: 'shop-us', copy: '' } as const;
  const form = (now: Extract<RequestPlan, { kind: 'restore' }> = value) => {
    const asked = vi.fn();
    show(<DataFields value={now} onChange={asked} databases={options} />);
    return { asked, user: userEvent.setup() };
  };
  const point = () => screen.getByLabelText('To the state of');

  it('lists the copies of the database, newest first, those that may not be restored with the reason', async () => {
    world.answers.backups = backups(database({ id: 'shop-us', copies: [good, old] }));
    const { asked, user } = form();
    const choice = await within(point()).findByRole('option', { name: /^2026-11-21 02:10:00/ });
    const other = within(point()).getByRole('option', { name: /last restored .* ago/ });
    expect([choice.hasAttribute('disabled'), other.hasAttribute('disabled')]).toEqual([false, true]);
    expect(body()).toContain('1 of 2 may be restored');
    await user.selectOptions(point(), choice);
    expect(asked).toHaveBeenCalledWith({ ...value, copy: good.id });
  });

  it('says so when there is none, and when none may be', async () => {
    world.answers.backups = backups(database({ id: 'shop-us', copies: [] }));
    form();
    expect(await screen.findByText('There is no copy of this database yet')).toBeDefined();
    cleanup();
    world.answers.backups = backups(database({ id: 'shop-us', copies: [old] }));
    form();
    expect(await screen.findByText('None of them may be restored; each says why')).toBeDefined();
  });

  it('says that they are being read, and why they cannot be', async () => {
    form();
    expect(screen.getByText('The copies are being read')).toBeDefined();
    cleanup();
    world.answers.backups = {
      status: 503,
      title: 'Not now',
      detail: 'The database does not answer.',
      code: 'unavailable',
    };
    form();
    expect(await screen.findByText('The database does not answer.')).toBeDefined();
  });

  it('keeps the copies that it has read when the next reading fails', async () => {
    world.answers.backups = backups(database({ id: 'shop-us', copies: [good] }));
    const queries = show(<DataFields value={value} onChange={vi.fn()} databases={options} />);
    expect(await within(point()).findByRole('option', { name: /^2026-11-21 02:10:00/ })).toBeDefined();
    world.answers.backups = { status: 503, title: 'Not now', detail: 'Away.', code: 'unavailable' };
    await queries.refetch();
    expect(within(point()).getByRole('option', { name: /^2026-11-21 02:10:00/ })).toBeDefined();
    expect(body()).not.toContain('Away.');
  });

  it('tells of a copy in the address that is not there, whatever it is', async () => {
    world.answers.backups = backups(database({ id: 'shop-us', copies: [good] }));
    form({ ...value, copy: 'rubbish' });
    expect(await screen.findByText(/names a copy that this database does not have/)).toBeDefined();
  });

  it('forgets the copy when another database is chosen', async () => {
    const { asked, user } = form({ ...value, copy: good.id });
    await user.selectOptions(screen.getByLabelText('Database'), 'Other');
    expect(asked).toHaveBeenCalledWith({ ...value, database: 'other', copy: '' });
  });

  it('says what is missing without a safety copy', async () => {
    const { asked, user } = form();
    await user.click(screen.getByLabelText('Safety copy first'));
    expect(asked).toHaveBeenCalledWith({ ...value, safetyCopy: false });
    cleanup();
    const without = form({ ...value, safetyCopy: false });
    expect(body()).toContain('in the old database alone');
    await without.user.click(screen.getByLabelText('Safety copy first'));
    expect(without.asked).toHaveBeenCalledWith(value);
  });
});
