// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { backups, copy, database, line, retention, view } from './testing/backups';
import { plain, problem, sentence, show, shown } from './testing/show';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('what is not said', () => {
  it('is the key of the bars while no database has any', async () => {
    await shown([database({ isBackedUp: false })]);
    expect(screen.queryByRole('list', { name: 'Key of the bars' })).toBe(null);
    cleanup();
    await shown([database({ isBackedUp: false }), database({ id: 'other' })]);
    expect(screen.getByRole('list', { name: 'Key of the bars' })).toBeDefined();
  });

  it('is a region that the name ends with', async () => {
    const { tier, region } = database();
    await shown([database()], view());
    expect(plain(document.body.textContent)).toContain(`T${tier} · ${region}`);
    cleanup();
    await shown([database({ name: `Architect, ${region}` })], view());
    expect(plain(document.body.textContent)).toContain(`T${tier}`);
    expect(plain(document.body.textContent)).not.toContain(`T${tier} · ${region}`);
  });
});

describe('how copies are made', () => {
  const cronJob = 'us-east-1/backup/observers-backup';

  it('is said where Jobs of a CronJob make them, and not where the worker does', async () => {
    await shown([database({ job: cronJob })], view());
    expect(plain(document.body.textContent)).toContain(
      `Copies are made by Jobs of ${cronJob} in the cluster`,
    );
    cleanup();
    await shown([database()], view());
    expect(plain(document.body.textContent)).not.toContain('made by Jobs');
  });
});

describe('the sentence on top', () => {
  it('says when the last good copy was, and that all is well', async () => {
    await shown([database()], view());
    expect(sentence()).toBe('Last good 11-21 02:10; every database is within its objective.');
  });

  it('counts what is not: older than its objective, missed, without a good copy, missing, stopped', async () => {
    const old = database({
      id: 'fraiseql',
      name: 'FraiseQL',
      recoveryPoint: { ...database().recoveryPoint, state: 'over' },
      missed: {
        slots: 2,
        firstAt: '2026-11-20T02:10:00Z',
        lastAt: '2026-11-21T02:10:00Z',
        sentence: 'No worker ran.',
      },
    });
    const bad = database({
      id: 'observer',
      name: 'Observer',
      lastGood: null,
      recoveryPoint: { ...database().recoveryPoint, state: 'unknown', ageSeconds: null },
    });
    await shown(
      [database(), old, bad],
      view({
        lines: [line(0, { isMissing: true })],
        state: 'stopped',
        stops: [{ code: 'clock', sentence: 'Clocks differ.' }],
      }),
    );
    expect(sentence()).toBe(
      'Last good 11-21 02:10; 1 of 3 databases has no good copy; 1 of 3 databases has a copy older than its objective; ' +
        '1 of 3 databases missed a run; copies of 1 database are missing; retention stopped for 1 database.',
    );
    const panels = screen.getAllByRole('heading', { level: 2 }).map(({ textContent }) => textContent);
    expect(panels).toEqual(['Observer', 'FraiseQL', 'Architect']);
    expect(screen.getByText('2 runs missed')).toBeDefined();
  });
});

describe('a database', () => {
  it('has its last good copy with level, size and duration, and its age against the objective', async () => {
    await shown([database()], view());
    const text = plain(screen.getByText('Last good copy').parentElement?.textContent ?? '');
    expect(text).toContain('L4 Restored');
    expect(text).toContain('38 GiB, took 3 min 12 s');
    const age = plain(screen.getByText(/What would be lost now/).parentElement?.textContent ?? '');
    expect(age).toContain('10 h of writes');
    expect(age).toContain('within its objective: 1 d (tier 4)');
    expect(age).toContain('The schedule reaches 1 d 1 h at best.');
  });

  it('names the next runs in the zone of the schedule and in UTC', async () => {
    await shown([database()], view());
    const runs = within(screen.getByText('Next runs').parentElement ?? document.body).getAllByRole(
      'listitem',
    );
    expect(plain(runs[0]?.textContent ?? '')).toBe('2026-11-22 03:102026-11-22 02:10 UTC');
    expect(runs).toHaveLength(3);
  });

  it('warns where the schedule can never keep the objective', async () => {
    const point = {
      ...database().recoveryPoint,
      state: 'over' as const,
      canReach: false,
      objectiveSeconds: 300,
    };
    await shown([database({ tier: 2, recoveryPoint: point })], view());
    expect(plain(screen.getByText(/The schedule reaches/).textContent)).toBe(
      'The schedule reaches 1 d 1 h at best',
    );
    expect(screen.getByText('What a dump can reach, and what a restore loses')).toBeDefined();
  });

  it.each([
    [{ level: null }, 'Not verified'],
    [{ level: 2 }, 'L2 Listed'],
    [{ level: 4, isSpoilt: true }, 'Spoilt'],
    [{ state: 'failed' as const, level: null, error: 'pg_dump could not connect.' }, 'Failed'],
  ])('never calls a copy good that is not proven: %o', async (state, word) => {
    await shown([database({ lastRun: copy(5, state) })], view());
    const run = screen.getByText('Last run').parentElement ?? document.body;
    const shownWord = within(run).getByText(word);
    expect(shownWord.querySelector('svg')?.getAttribute('class')).not.toContain('text-ok');
  });

  it('shows thirty days in words too, and names the days on which something went wrong', async () => {
    const days = database().days.map((one, index) =>
      index === 20
        ? { ...one, kept: 0, failed: 1, level: null }
        : index === 21
          ? { ...one, kept: 0, missed: 1, level: null }
          : index === 22
            ? { ...one, level: 1 }
            : one,
    );
    await shown([database({ days })], view());
    expect(
      screen.getByRole('img', {
        name: 'Architect, last 30 days: 27 restored (L4), 1 not read in full, 1 failed, 1 missed',
      }),
    ).toBeDefined();
    expect(screen.getByText('2026-11-07: 1 failed')).toBeDefined();
    expect(screen.getByText('2026-11-08: 1 missed')).toBeDefined();
  });

  it('says that nothing is copied where nothing is configured', async () => {
    await shown([database({ isBackedUp: false, lastGood: null, copies: [] })]);
    expect(screen.getByText('No copies are made of it here')).toBeDefined();
    expect(sentence()).toBe('No good copy; 1 database has no copies configured.');
  });
});

describe('states of the page', () => {
  it('shows a shape on its way, and why there is none', async () => {
    show({});
    expect(screen.getByRole('status', { name: 'Loading backups' })).toBeDefined();
    cleanup();
    show({ backups: problem });
    expect((await screen.findByRole('alert')).textContent).toContain('The database does not answer.');
  });

  it('says so when no database is named', async () => {
    show({ backups: backups(), retention: retention() });
    expect(await screen.findByText('No databases')).toBeDefined();
  });

  it('says so when no worker has looked at the folder', async () => {
    await shown([database()], view({ ranAt: null, state: null, lines: [] }));
    expect(screen.getByText(/No worker has looked at the folder yet/)).toBeDefined();
  });

  it('shows the databases before retention has answered', async () => {
    show({ backups: backups(database()) });
    expect(await screen.findByRole('heading', { name: 'Architect' })).toBeDefined();
    expect(screen.queryByText(/^Retention: /)).toBeNull();
  });

  it('says why retention is not known, and shows the databases', async () => {
    show({ backups: backups(database()), retention: problem });
    expect((await screen.findByRole('alert')).textContent).toContain('The database does not answer.');
    expect(screen.getByRole('heading', { name: 'Architect' })).toBeDefined();
  });

  it('keeps what it has read when the next reading fails', async () => {
    const { queries, now } = await shown([database()], view());
    now.backups = problem;
    now.retention = problem;
    await queries.refetchQueries();
    expect((await screen.findByText(/^Backups as of/)).textContent).toContain(
      'The database does not answer.',
    );
    expect(screen.getByText(/^Retention as of/)).toBeDefined();
    expect(screen.getByRole('heading', { name: 'Architect' })).toBeDefined();
    expect(screen.getByText('Retention: 3 stay')).toBeDefined();
  });
});
