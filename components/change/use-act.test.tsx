// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { type Problem, ProblemError } from '@/lib/http/client';
import { useAct } from './use-act';

afterEach(cleanup);

const problem = (status: number): Problem => ({
  status,
  title: 'No',
  detail: 'It did not work.',
  code: 'x',
  fields: [],
});

/** The hook with a server whose answers are given one by one. */
function acting() {
  const client = new QueryClient();
  const sent: { key: string; answer: PromiseWithResolvers<string> }[] = [];
  const done: string[] = [];
  const send = (_input: string, key: string) => {
    const answer = Promise.withResolvers<string>();
    sent.push({ key, answer });
    return answer.promise;
  };
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const { result } = renderHook(() => useAct(send, (answer) => done.push(answer)), { wrapper });
  const run = () => act(async () => result.current.run('go'));
  const answer = (settle: (last: PromiseWithResolvers<string>) => void) =>
    act(async () => {
      const last = sent.at(-1)?.answer;
      if (last) settle(last);
    });
  return { result, sent, done, run, answer, keys: () => sent.map(({ key }) => key) };
}

describe('an act', () => {
  it('sends a double click under one key', async () => {
    const { run, keys, result } = acting();
    await run();
    await run();
    expect(keys()).toHaveLength(2);
    expect(new Set(keys()).size).toBe(1);
    await waitFor(() => expect(result.current.busy).toBe(true));
  });

  it('takes a new key after an answer', async () => {
    const { run, answer, keys, done, result } = acting();
    await run();
    await answer((last) => last.resolve('c-1'));
    await waitFor(() => expect(result.current.busy).toBe(false));
    expect(done).toEqual(['c-1']);
    await run();
    expect(new Set(keys()).size).toBe(2);
  });

  it.each([400, 403, 409, 422, 500])(
    'takes a new key after a refusal with %d, and shows it',
    async (status) => {
      const { run, answer, keys, done, result } = acting();
      await run();
      await answer((last) => last.reject(new ProblemError(problem(status))));
      await waitFor(() => expect(result.current.problem?.status).toBe(status));
      await run();
      expect(new Set(keys()).size).toBe(2);
      expect(done).toEqual([]);
    },
  );

  it.each([0, 503])('keeps its key after %d: the request may have arrived', async (status) => {
    const { run, answer, keys, result } = acting();
    await run();
    await answer((last) => last.reject(new ProblemError(problem(status))));
    await waitFor(() => expect(result.current.problem?.status).toBe(status));
    await run();
    expect(keys()).toHaveLength(2);
    expect(new Set(keys()).size).toBe(1);
  });

  it('forgets the last problem when it is tried again or asked to', async () => {
    const { run, answer, result } = acting();
    await run();
    await answer((last) => last.reject(new ProblemError(problem(409))));
    await waitFor(() => expect(result.current.problem).not.toBeNull());
    await act(async () => result.current.reset());
    expect(result.current.problem).toBeNull();
  });
});
