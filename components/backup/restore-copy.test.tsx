// @vitest-environment jsdom
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CopyView } from '@/lib/backup/contract';
import type { SetAsideView } from '@/lib/backup/restore/contract';
import { SetAsideList } from './set-aside-list';
import { copy, database, view } from './testing/backups';
import { plain, shown } from './testing/show';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const opened = async (one: CopyView, more: Parameters<typeof database>[0] = {}) => {
  await shown([database({ copies: [one], ...more })], view());
  const user = userEvent.setup();
  const list = screen.getByText('Copies').closest('details');
  if (list === null) throw new Error('The list is folded.');
  await user.click(screen.getByText('Copies'));
  const [first] = within(list).getAllByRole('listitem');
  const summary = first?.querySelector('summary');
  if (summary == null) throw new Error('Each copy is folded.');
  await user.click(summary);
};
const fresh = copy(0, { provenAt: new Date().toISOString() });

describe('a copy', () => {
  it('that may be restored leads to the plan of that', async () => {
    await opened(fresh);
    const link = screen.getByRole('link', { name: /^Restore… .*the copy of 2026-11-21 02:10:00$/ });
    const query = new URLSearchParams(link.getAttribute('href')?.split('?')[1]);
    expect(link.getAttribute('href')).toMatch(/^\/changes\/new\/restore\?/);
    expect([query.get('database'), query.get('copy')]).toEqual([database().id, fresh.id]);
  });

  it.each([
    [copy(0, { provenAt: '2026-01-01T00:00:00.000Z' }), {}, /Rehearse a restore of it first/],
    [copy(0, { level: 3, provenAt: null }), {}, /never restored/],
    [fresh, { restoreRefusal: 'No account is configured that may put a copy of it back.' }, /No account is/],
    [fresh, { service: null }, /belongs to no service/],
  ] as const)('that may not says why beside the button (%#)', async (one, more, words) => {
    await opened(one, more);
    const button = screen.getByRole('button', { name: /^Restore…/ });
    expect(button.getAttribute('aria-disabled')).toBe('true');
    expect(button.getAttribute('title')).toMatch(words);
  });
});

describe('what restores took away', () => {
  const aside = (more: Partial<SetAsideView> = {}): SetAsideView => ({
    id: '00000000-0000-4000-8000-000000000777',
    database: 'architect',
    serverName: 'architect_pre_c0000012',
    change: 'c-12',
    kind: 'replaced',
    setAsideAt: '2026-11-21T08:00:00.000Z',
    dropAfter: '2026-11-28T08:00:00.000Z',
    state: 'kept',
    droppedAt: null,
    sentence: null,
    ...more,
  });
  const text = (): string => plain(document.body.textContent);

  it('stands on the page with the change that did it, since when and until when', async () => {
    await shown([database({ setAside: [aside()] })], view());
    expect(screen.getByRole('heading', { name: /^Set aside/ })).toBeDefined();
    expect(screen.getByRole('link', { name: 'c-12' }).getAttribute('href')).toBe('/changes/c-12');
    expect(text()).toContain('since 2026-11-21 08:00:00, kept until 2026-11-28 08:00:00 at least');
  });

  it('is told apart: what was replaced, and what was taken back', () => {
    render(
      <SetAsideList
        name="Architect"
        databases={[aside(), aside({ id: '7', kind: 'taken-back', change: 'c-13' })]}
      />,
    );
    expect(text()).toContain('What was there before it');
    expect(text()).toContain('What was restored, and taken back');
  });

  it('says why it is still there after its time, and when it was dropped', () => {
    render(<SetAsideList name="Architect" databases={[aside({ sentence: 'There is no good copy yet.' })]} />);
    expect(text()).toContain('There is no good copy yet.');
    cleanup();
    const droppedAt = '2026-11-29T01:00:00.000Z';
    render(
      <SetAsideList name="Architect" databases={[aside({ state: 'dropped', droppedAt, sentence: 'x' })]} />,
    );
    expect(text()).toContain('dropped 2026-11-29 01:00:00');
    expect(text()).not.toContain('Still there');
  });

  it('comes with why no copy is made while one runs', async () => {
    await shown([database({ standstill: 'c-12 restores it.' })], view());
    expect(text()).toContain('No copy is made now c-12 restores it.');
  });

  it('is nothing where no restore was', async () => {
    await shown([database()], view());
    expect(screen.queryByRole('heading', { name: /^Set aside/ })).toBe(null);
  });
});
