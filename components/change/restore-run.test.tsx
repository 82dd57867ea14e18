// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { copy } from '@/components/backup/testing/backups';
import { pauseRefusal } from '@/lib/change/data/restore/stage';
import { ExecutionPanels } from './execution-panels';
import { SignBar } from './sign-bar';
import { StatementBar } from './statement-bar';
import { SteerBar } from './steer-bar';
import { testPlanHash } from './test-view';
import { body, canned, show } from './testing/canned';
import { restoreAt, restoreChange, restoreData, restoreLoad, restoreStepsAt } from './testing/data-view';

const world = canned();

describe('a restore that is carried out', () => {
  const running = (...[stage, more]: Parameters<typeof restoreAt>) =>
    restoreChange(stage === 'switched' ? 'Watching' : 'Running', restoreAt(stage, more));

  it.each([
    ['before', ['shop', 'shop_r_c0000012'], /In use, as before/],
    ['closed', ['shop', 'shop_r_c0000012'], /Lets nobody in until the switch/],
    ['switched', ['shop', 'shop_pre_c0000012'], /In use, with the data of the copy/],
    ['opened', ['shop', 'shop_r_c0000012'], /In use again/],
    ['taken-back', ['shop', 'shop_r_c0000012'], /what was written into it/],
  ] as const)('shows what each database is now: %s', (stage, names, words) => {
    show(<ExecutionPanels view={running(stage)} />);
    for (const name of names) expect(screen.getByText(name)).toBeDefined();
    expect(body()).toMatch(words);
  });

  it.each([
    [restoreLoad({ state: 'wanted', phases: [], sentence: null }), 'Waits for a worker'],
    [restoreLoad({ state: 'running', phase: null, phases: [], sentence: null }), 'Begins'],
    [restoreLoad({ state: 'running', phase: 'index', sentence: null }), /Indexes and constraints are built/],
    [restoreLoad(), /Loaded and found right in 1 min 6 s/],
    [restoreLoad({ state: 'failed', phase: 'load', sentence: 'No room is left.' }), 'Failed'],
    [restoreLoad({ state: 'cancelled', phase: 'load', sentence: 'Sam aborted.' }), 'Stopped'],
  ] as const)('shows how far the load is (%#)', (load, words) => {
    show(<ExecutionPanels view={running('closed', { load })} />);
    expect(screen.getByRole('status').textContent).toMatch(words);
    if (load.sentence !== null) expect(body()).toContain(load.sentence);
    expect(screen.queryByRole('img', { name: /^Load of Shop, us-east-1: fetch/ }) === null).toBe(
      load.phases.length === 0,
    );
  });

  it('says so while nothing is loaded, and shows the evidence afterwards', () => {
    show(<ExecutionPanels view={running('before')} />);
    expect(body()).toContain('Not asked for yet. The copy has 24,200 rows of 14 tables.');
    cleanup();
    show(<ExecutionPanels view={running('switched', { load: restoreLoad() })} />);
    expect(body()).toContain('Rows of 14 tables: 24,200, as expected');
  });

  it('shows the safety copy, or that there is none', () => {
    const data = { ...restoreData, safetyCopy: false };
    const view = running('before');
    show(<ExecutionPanels view={view} />);
    expect(body()).toContain('not made yet');
    cleanup();
    show(<ExecutionPanels view={{ ...view, plan: { ...view.plan, data } }} />);
    expect(body()).toContain('none: it was left out');
    cleanup();
    show(<ExecutionPanels view={{ ...view, copy: copy(0, { cause: 'change', change: 'c-12' }) }} />);
    expect(screen.getByText('L4 Restored')).toBeDefined();
  });

  it('says what is kept beside and until when, and that it was dropped', () => {
    const setAside = {
      name: 'shop_pre_c0000012',
      since: '2026-11-22T03:53:00.000Z',
      dropAfter: '2026-11-29T03:53:00.000Z',
      droppedAt: null,
    };
    show(<ExecutionPanels view={running('switched', { setAside })} />);
    expect(body()).toMatch(/since 2026-11-22 03:53:00, until 2026-11-29 03:53:00 at least/);
    cleanup();
    const droppedAt = '2026-11-30T01:00:00.000Z';
    show(<ExecutionPanels view={running('switched', { setAside: { ...setAside, droppedAt } })} />);
    expect(body()).toMatch(/until 2026-11-30 01:00:00, then dropped/);
  });

  it.each([
    ['before', 'Abort the restore', /nothing of the database was touched/, /as they were/],
    ['closed', 'Abort and open the old database', /old database opens again/, /nothing of it is lost/],
    ['switched', 'Abort and switch back', /switches back to the old/, /A lead looks at it afterwards/],
  ] as const)('says what an abort does: %s', async (stage, name, bar, consequence) => {
    show(<SteerBar view={running(stage)} />);
    expect(body()).toMatch(bar);
    await userEvent.setup().click(screen.getByRole('button', { name }));
    expect(screen.getByRole('dialog').textContent).toMatch(consequence);
    expect(world.sent).toEqual([]);
  });

  it('is taken back at once before its first step, by the first button', async () => {
    const beginsAt = new Date(Date.now() + 3_600_000).toISOString();
    show(<SteerBar view={running('before', { beginsAt })} />);
    expect(body()).toMatch(/Begins in \d/);
    const [first] = screen.getAllByRole('button');
    expect(first?.textContent).toBe('Abort before it begins');
    if (first !== undefined) await userEvent.setup().click(first);
    expect(screen.queryByRole('dialog')).toBe(null);
    expect(world.sent).toEqual([
      { url: '/api/v1/changes/c-12/abort', body: { reason: 'Taken back before its first step.' } },
    ]);
  });

  it('says why it could not be taken back at once', async () => {
    const beginsAt = new Date(Date.now() + 3_600_000).toISOString();
    world.refusal = { status: 409, title: 'Too late', detail: 'It has ended.', code: 'conflict' };
    show(<SteerBar view={running('before', { beginsAt })} />);
    await userEvent.setup().click(screen.getByRole('button', { name: 'Abort before it begins' }));
    expect(await screen.findByText('It has ended.')).toBeDefined();
  });

  it('says why it does not stand still once the database is closed', () => {
    const view = running('closed');
    const refusals = { ...view.you.refusals, pause: pauseRefusal('closed') };
    show(<SteerBar view={{ ...view, you: { ...view.you, refusals } }} />);
    expect(screen.getByRole('button', { name: 'Pause' }).getAttribute('title')).toMatch(
      /does not stand still/,
    );
  });

  it('that nobody knows the end of asks which database is in use', () => {
    show(<StatementBar view={restoreChange('ReconcileRequired', restoreAt('closed'))} />);
    expect(screen.getByRole('button', { name: 'The old database is in use' })).toBeDefined();
    expect(screen.getByRole('button', { name: 'The restored database is in use' })).toBeDefined();
    expect(body()).toContain('Look at the server of the database');
  });

  it('has its steps in order', () => {
    show(
      <ExecutionPanels
        view={restoreChange('Running', restoreAt('closed'), { steps: restoreStepsAt('load') })}
      />,
    );
    expect(screen.getByText('Step load').textContent).toContain('runs');
    expect(screen.getByText('Step close').textContent).toContain('done');
  });
});

describe('the name of the service', () => {
  it('is typed by who signs, and sent along', async () => {
    const view = restoreChange('InReview', null);
    const user = userEvent.setup();
    show(<SignBar view={{ ...view, you: { ...view.you, signRoles: ['cto'] } }} />);
    await user.click(screen.getByRole('button', { name: /^Sign as/ }));
    const dialog = within(screen.getByRole('dialog'));
    const button = dialog.getByRole('button', { name: 'Sign' });
    expect(button.getAttribute('title')).toBe('Type the name of the service first: architect-api.');
    await user.type(dialog.getByLabelText('Name of the service'), 'architect');
    expect(button.getAttribute('aria-disabled')).toBe('true');
    await user.click(button);
    expect(world.sent).toEqual([]);
    await user.click(dialog.getByLabelText('Name of the service'));
    await user.paste('-api');
    await user.click(button);
    expect(world.sent).toEqual([
      {
        url: '/api/v1/changes/c-12/sign-offs',
        body: { role: 'cto', planHash: testPlanHash, confirmedName: 'architect-api' },
      },
    ]);
  });

  it('is typed by who starts it, and by nobody who aborts', async () => {
    const view = restoreChange('Approved', restoreAt('before'));
    const user = userEvent.setup();
    show(<SteerBar view={{ ...view, change: { ...view.change, runWhenApproved: false } }} />);
    await user.click(screen.getByRole('button', { name: 'Start' }));
    const dialog = within(screen.getByRole('dialog'));
    expect(dialog.getByText(view.effect)).toBeDefined();
    expect(dialog.getByText(/For 10 s an abort takes it back/)).toBeDefined();
    await user.type(dialog.getByLabelText('Reason'), 'Now.');
    await user.type(dialog.getByLabelText('Name of the service'), 'architect-api');
    await user.click(dialog.getByRole('button', { name: 'Start' }));
    expect(world.sent[0]?.body).toEqual({ reason: 'Now.', confirmedName: 'architect-api' });
    cleanup();
    show(<SteerBar view={restoreChange('Running', restoreAt('closed'))} />);
    await user.click(screen.getByRole('button', { name: /^Abort/ }));
    expect(within(screen.getByRole('dialog')).queryByLabelText('Name of the service')).toBe(null);
  });
});
