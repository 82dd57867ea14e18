// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DrillsView } from '@/lib/backup/drill/contract';
import { backups, copy, database, drill, drillList, drills, retention, view } from './testing/backups';
import { plain, problem, sentence, show } from './testing/show';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function shownWith(given: DrillsView, { mayRehearse = true } = {}) {
  const answers = {
    backups: backups(database()),
    retention: retention(view()),
    drills: drillList(mayRehearse, given),
  };
  const world = show(answers);
  await screen.findByText('Rehearsed restores');
  return world;
}
const figure = (title: string) => plain(screen.getByText(title).parentElement?.textContent ?? '');

describe('how long a restore takes', () => {
  it('stands against its objective, and says that the switch is not measured', async () => {
    await shownWith(drills());
    const text = figure('How long a restore takes (RTO)');
    expect(text).toContain('About 6 min');
    expect(text).toContain('within its objective: 15 min (tier 4)');
    expect(text).toContain('The switch is not measured by a drill');
  });

  it('is told where it takes longer than the objective', async () => {
    const { recoveryTime } = drills();
    await shownWith(drills({ recoveryTime: { ...recoveryTime, state: 'over', isOfTier: false } }));
    expect(figure('How long a restore takes (RTO)')).toContain(
      'longer than its objective: 15 min (signalbox.yaml)',
    );
  });

  it('is unknown without a drill, never good', async () => {
    const recoveryTime = {
      ...drills().recoveryTime,
      state: 'unknown' as const,
      seconds: null,
      drillAt: null,
      phases: [],
      sentence: 'How long a restore takes is not known: no drill has passed in 30 days.',
    };
    await shownWith(drills({ recoveryTime, last: null, lastPassed: null, schedule: null }));
    expect(figure('How long a restore takes (RTO)')).toMatch(/Unknown.*no drill has passed in 30 days/);
    expect(screen.getByText('Unknown').querySelector('svg')?.getAttribute('class')).not.toContain('text-ok');
    expect(figure('Last drill')).toContain('None yet');
    expect(figure('Next drill')).toContain('by button alone');
  });
});

describe('a drill', () => {
  it('names copy, person, result and the time of each phase, with its evidence', async () => {
    await shownWith(drills());
    const text = figure('Last drill');
    expect(text).toContain('Passed in 6 min');
    expect(text).toContain('of 38 GiB, asked for by Ana');
    expect(
      screen.getByRole('img', {
        name: 'Last drill of Architect: fetch 1 min 1 s, create 0.4 s, load 3 min 10 s, index 1 min 15 s, checks 34 s, drop 1.2 s',
      }),
    ).toBeDefined();
    expect(screen.getByText('Rows of 4 tables: 24,200, as expected')).toBeDefined();
    expect(figure('Next drill')).toContain('2026-11-22 03:10');
  });

  it('that failed says where and why, loudly on top, and the one that passed before stays to be seen', async () => {
    const failed = drill({
      id: copy(7).id,
      state: 'failed',
      phase: 'load',
      phases: drill().phases.slice(0, 2),
      sentence: 'pg_restore ended with code 1: could not read.',
      isFaultOfCopy: true,
      requestedBy: null,
      cause: 'schedule',
    });
    await shownWith(drills({ last: failed }));
    expect(sentence()).toBe('Last good 11-21 02:10; the last drill of 1 database failed.');
    const glyph = screen.getByTestId('backups-sentence').querySelector('svg');
    expect(glyph?.getAttribute('class')).toContain('text-crit');
    expect(figure('Last drill')).toMatch(/Failed in load.*pg_restore ended with code 1.*by its schedule/);
    expect(screen.getByRole('img', { name: /^Last passed drill of Architect: fetch/ })).toBeDefined();
  });

  it('under way shows its phases as they end, and no second one is begun', async () => {
    const running = drill({ state: 'running', phase: 'index', phases: drill().phases.slice(0, 3) });
    await shownWith(drills({ underWay: running, refusal: 'A drill of Architect is under way.' }));
    expect(screen.getByText(/Drill under way: Index/)).toBeDefined();
    expect(
      screen.getByRole('img', { name: /^Drill of Architect so far: fetch .* load 3 min 10 s$/ }),
    ).toBeDefined();
    const button = screen.getByRole('button', { name: 'Rehearse a restore of Architect' });
    expect(button.getAttribute('aria-description')).toBe('A drill of Architect is under way.');
  });
});

describe('the button', () => {
  it('asks which copy, says what is touched, and sends that one', async () => {
    const { sent } = await shownWith(drills());
    await userEvent.click(screen.getByRole('button', { name: 'Rehearse a restore of Architect' }));
    const dialog = await screen.findByRole('dialog', { name: 'Rehearse a restore of Architect' });
    expect(dialog.textContent).toContain('The database itself and its service are not touched');
    expect(document.activeElement?.textContent).toBe('Cancel');
    const options = within(dialog).getAllByRole('option');
    expect(plain(options[0]?.textContent ?? '')).toBe('Newest: 2026-11-21 02:10 UTC, L4 Restored, 38 GiB');
    await userEvent.selectOptions(within(dialog).getByLabelText('Copy'), copy(1).id);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Rehearse' }));
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toEqual({ url: '/api/v1/backups/drills/architect', body: { copy: copy(1).id } });
  });

  it.each([
    ['No copy of it was read in full yet (L3).', true],
    ['signalbox.yaml names no scratch server to restore it on (databases[].backup.scratch).', true],
    ['Only an SRE or a lead may rehearse a restore.', false],
  ])('is refused with its reason: %s', async (refusal, mayRehearse) => {
    await shownWith(drills({ refusal: mayRehearse ? refusal : null }), { mayRehearse });
    const button = screen.getByRole('button', { name: 'Rehearse a restore of Architect' });
    expect(button.getAttribute('aria-description')).toBe(refusal);
    await userEvent.click(button);
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('the reading of drills', () => {
  it('shows the databases before drills have answered', async () => {
    show({ backups: backups(database()), retention: retention(view()) });
    expect(await screen.findByRole('heading', { name: 'Architect' })).toBeDefined();
    expect(screen.queryByText('Rehearsed restores')).toBeNull();
  });

  it('says why drills are not known, and shows the databases', async () => {
    show({ backups: backups(database()), retention: retention(view()), drills: problem });
    expect((await screen.findByRole('alert')).textContent).toContain('The database does not answer.');
    expect(screen.getByRole('heading', { name: 'Architect' })).toBeDefined();
  });

  it('keeps what it has read when the next reading of drills fails', async () => {
    const { queries, now } = await shownWith(drills());
    now.drills = problem;
    // Who is signed in is never told here, so nobody waits for all of them.
    void queries.refetchQueries();
    expect((await screen.findByText(/^Drills as of/)).textContent).toContain('The database does not answer.');
    expect(figure('Last drill')).toContain('Passed in 6 min');
  });
});
