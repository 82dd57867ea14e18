// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it } from 'vitest';
import { useOlder } from './use-older';

afterEach(cleanup);

const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

type ListProps = { newest: number[]; read: (before: number) => Promise<readonly number[]> };

function List({ newest, read }: ListProps) {
  const { shown, isAll, problem, showOlder } = useOlder({ newest, first: 3, keyOf: (one) => one, read });
  return (
    <>
      <output>{shown.join(' ')}</output>
      <p>{problem?.detail ?? (isAll ? 'all' : 'more')}</p>
      <button type="button" onClick={showOlder}>
        Older
      </button>
    </>
  );
}

function show(newest: number[], read: ListProps['read'] = async (before) => span(before - 2, before - 1)) {
  const client = new QueryClient();
  const page = (now: number[]) => (
    <QueryClientProvider client={client}>
      <List newest={now} read={read} />
    </QueryClientProvider>
  );
  const { rerender } = render(page(newest));
  const user = userEvent.setup();
  return {
    come: (now: number[]) => act(async () => rerender(page(now))),
    older: () => user.click(screen.getByRole('button')),
    shown: () => screen.getByRole('status').textContent,
  };
}

it('shows the newest, then what the page has already, then asks', async () => {
  const list = show(span(10, 15));
  expect(list.shown()).toBe('13 14 15');
  await list.older();
  expect(list.shown()).toBe('10 11 12 13 14 15');
  await list.older();
  expect(list.shown()).toBe('8 9 10 11 12 13 14 15');
});

it('keeps what was shown while newer ones push it out of the page', async () => {
  const list = show(span(10, 12));
  await list.older();
  await list.come(span(12, 14));
  await list.come(span(14, 16));
  expect(list.shown()).toBe('8 9 10 11 12 13 14 15 16');
});

it('has no gap when newer ones come while older ones are read', async () => {
  let answer: (page: number[]) => void = () => undefined;
  const list = show(
    span(10, 12),
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  await list.older();
  await list.come(span(11, 13));
  await act(async () => answer([8, 9]));
  expect(list.shown()).toBe('8 9 10 11 12 13');
});

it('begins with the newest again when so many came that there would be a gap', async () => {
  const list = show(span(10, 12));
  await list.older();
  await list.come(span(40, 45));
  expect(list.shown()).toBe('43 44 45');
});

it('says when there is nothing older any more, and what went wrong', async () => {
  const list = show([1, 2, 3], async () => []);
  await list.older();
  expect(screen.getByText('all')).toBeDefined();
  expect(list.shown()).toBe('1 2 3');
  cleanup();
  const broken = show([1, 2, 3], async () => {
    throw new Error('no network');
  });
  await broken.older();
  expect(screen.getByText('no network')).toBeDefined();
  expect(broken.shown()).toBe('1 2 3');
});
