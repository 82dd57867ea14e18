// @vitest-environment jsdom
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { database, lastNight, line, view } from './testing/backups';
import { plain, shown } from './testing/show';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('retention', () => {
  it('gives a reason for each copy that leaves, and when a marked one ends', async () => {
    const leaving = line(9, {
      fate: 'leaves',
      rules: [],
      reason: 'No rule needs it. Daily: newer ones fill its places.',
    });
    const marked = line(8, {
      fate: 'marked',
      rules: [],
      reason: 'No rule needs it.',
      deleteAfter: '2026-11-22T09:00:00.000Z',
    });
    await shown([database()], view({ lines: [line(0), marked, leaving] }));
    expect(screen.getByText('Retention: 1 stays, 1 would leave, 1 marked for deletion')).toBeDefined();
    expect(screen.getByText(/Daily: newer ones fill its places/)).toBeDefined();
    expect(plain(screen.getByText(/Deleted after/).textContent)).toContain('2026-11-22 09:00:00');
    expect(
      screen.getByRole('img', {
        name: 'Copies of Architect in time: 1 stay as daily, 0 stay as weekly, 0 stay as monthly, 2 leave or are marked',
      }),
    ).toBeDefined();
    expect(screen.getByText(/why not as the guides say/)).toBeDefined();
  });

  const held = view({
    state: 'stopped',
    stops: [{ code: 'count', sentence: '4 of 20 copies would go at once: more than 3.' }],
    awaits: [9, 10, 11, 12].map((nights) => line(nights).copy),
    lines: [
      line(0),
      ...[9, 10, 11, 12].map((nights) =>
        line(nights, { fate: 'leaves', rules: [], reason: 'No rule needs it.' }),
      ),
    ],
  });

  it('says why it stopped, and a lead lets exactly the shown copies go, with a reason', async () => {
    const { sent } = await shown([database()], held);
    expect(screen.getByText('4 of 20 copies would go at once: more than 3.')).toBeDefined();
    await userEvent.click(screen.getByRole('button', { name: 'Let 4 copies go: Architect' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(within(dialog).getByLabelText('Reason'), 'Old folder of before');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Let go' }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toEqual({
      url: '/api/v1/backups/retention/architect/let-go',
      body: { copies: held.awaits, why: 'Old folder of before' },
    });
  });

  it('refuses everybody else in words', async () => {
    await shown([database()], { ...held, mayLetGo: false });
    const button = screen.getByRole('button', { name: 'Let 4 copies go: Architect' });
    expect(button.getAttribute('aria-disabled')).toBe('true');
    expect(button.getAttribute('aria-description')).toMatch(/Only a lead/);
  });

  it('offers nothing where a clock or an old copy stopped it', async () => {
    await shown([database()], {
      ...held,
      awaits: [],
      stops: [{ code: 'clock', sentence: 'The clocks are apart.' }],
    });
    expect(screen.getByText('Stopped: nothing is deleted')).toBeDefined();
    expect(screen.queryByRole('button', { name: /^Let / })).toBeNull();
  });

  it('says which copies are missing, and which files nobody here made', async () => {
    await shown(
      [database()],
      view({
        lines: [line(0), line(1, { isMissing: true, reason: 'gone' })],
        unknownFiles: ['by-hand.sql'],
        unknownCount: 52,
      }),
    );
    expect(screen.getByText('1 copy is missing')).toBeDefined();
    expect(screen.getByText(/52 unknown files, never deleted/)).toBeDefined();
    expect(screen.getByText('by-hand.sql')).toBeDefined();
    expect(screen.getByText('and 51 more')).toBeDefined();
  });
});

describe('copies', () => {
  it('are folded; one that is opened has its checks with evidence, its log, and can be pinned', async () => {
    const { sent } = await shown([database()], view());
    expect(screen.queryByText('daily 2026-11-20')).toBeNull();
    await userEvent.click(screen.getByText('Copies'));
    await userEvent.click(await screen.findByText('daily 2026-11-20'));
    expect(await screen.findByText('Every block was read and unpacked.')).toBeDefined();
    expect(screen.getByText('Bytes read: 40,802,189,312')).toBeDefined();
    expect(screen.getByText(/dumping contents of table/)).toBeDefined();
    const object = line(1).object;
    await userEvent.click(screen.getByRole('button', { name: `Pin the copy ${object}` }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(within(dialog).getByLabelText('Reason'), 'before c-198');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Pin' }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toEqual({
      url: `/api/v1/backups/copies/${line(1).copy}/pins`,
      body: { reason: 'before c-198' },
    });
  });

  it('name their pins, which whoever may takes off one by one', async () => {
    const pins = [{ reason: 'legal hold', by: 'Ana', at: new Date(lastNight).toISOString() }];
    const { sent } = await shown(
      [database()],
      view({ lines: [line(1, { pins, reason: 'pinned: legal hold' })] }),
    );
    await userEvent.click(screen.getByText('Copies'));
    await userEvent.click(await screen.findByText('pinned: legal hold'));
    expect(plain(screen.getByText(/Pinned by Ana/).textContent)).toContain('legal hold');
    await userEvent.click(screen.getByRole('button', { name: /^Unpin legal hold/ }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(within(dialog).getByLabelText('Reason'), 'case closed');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Unpin' }));
    await waitFor(() => expect(sent[0]?.body).toEqual({ at: pins[0]?.at, why: 'case closed' }));
  });

  it('have no buttons for who may not pin', async () => {
    await shown([database()], view({ mayPin: false }));
    await userEvent.click(screen.getByText('Copies'));
    await userEvent.click(await screen.findByText('daily 2026-11-20'));
    await screen.findByText('Every block was read and unpacked.');
    expect(screen.queryByRole('button', { name: /^Pin / })).toBeNull();
  });
});
