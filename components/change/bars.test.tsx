// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChangeView } from '@/lib/change/contract';
import { executingStates } from '@/lib/change/model';
import { SignBar } from './sign-bar';
import { SteerBar } from './steer-bar';
import { testPlanHash, testView } from './test-view';

type Sent = { url: string; body: unknown; key: string | null };
let sent: Sent[] = [];

beforeEach(() => {
  sent = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    if (init.method === undefined) return new Promise<Response>(() => undefined);
    const key = new Headers(init.headers).get('idempotency-key');
    sent.push({ url, body: JSON.parse(String(init.body)), key });
    return new Response(JSON.stringify({ id: 'c-12' }));
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function show(Bar: typeof SignBar | typeof SteerBar, view: ChangeView) {
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <Bar view={view} />
    </QueryClientProvider>,
  );
  return userEvent.setup();
}
const button = (name: string | RegExp) => screen.getByRole('button', { name });
const refusalOf = (name: string | RegExp) => ({
  off: button(name).getAttribute('aria-disabled'),
  why: button(name).getAttribute('title'),
});

describe('the bar of a change that is carried out', () => {
  it.each(executingStates)('has Abort in %s, and Abort says where it goes', (state) => {
    show(SteerBar, testView(state));
    expect(refusalOf(/^Abort/).off).toBeNull();
    expect(button(/^Abort/).textContent).toBe('Abort and go back to v3.1.0');
  });
  it('was tried in every executing state', () => expect(executingStates).toHaveLength(7));

  it('offers Resume where a change is held, else Pause', () => {
    const resumable = executingStates.filter((state) => {
      cleanup();
      show(SteerBar, testView(state));
      return screen.queryByRole('button', { name: 'Resume' }) !== null;
    });
    expect(resumable).toEqual(['Paused', 'DriftHold']);
  });

  it('keeps a refused Abort in its place, with the reason, and does not act', async () => {
    const user = show(SteerBar, testView('Running', { backingOut: true }));
    expect(refusalOf(/^Abort/)).toEqual({
      off: 'true',
      why: 'The change already goes back to the last known good version.',
    });
    await user.click(button(/^Abort/));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(sent).toEqual([]);
  });

  it('aborts with a reason only, once', async () => {
    const user = show(SteerBar, testView('Running'));
    await user.click(button(/^Abort/));
    const dialog = screen.getByRole('dialog', { name: /^Abort Deploy/ });
    expect(document.activeElement?.textContent).toBe('Cancel');
    const confirm = () => button('Abort and go back to v3.1.0');
    expect(confirm().getAttribute('aria-disabled')).toBe('true');
    await user.click(confirm());
    expect(sent).toEqual([]);
    await user.type(screen.getByLabelText('Reason'), 'Errors climb.');
    await user.click(confirm());
    expect(sent).toEqual([
      { url: '/api/v1/changes/c-12/abort', body: { reason: 'Errors climb.' }, key: expect.any(String) },
    ]);
    expect(dialog.isConnected).toBe(false);
  });

  it('shows what an abort of one Deployment puts back before it is ordered', async () => {
    const view = testView('Running');
    const plan = { ...view.plan, kind: 'scale', write: { replicas: 6 } } as const;
    const undo = { ...plan.undo, replicas: 10 };
    const user = show(SteerBar, { ...view, plan: { ...plan, undo } });
    await user.click(button(/^Abort/));
    const lines = screen.getByLabelText('What becomes of the Deployment');
    expect(lines.textContent).toMatch(/spec\.replicas.*6.*10/);
  });

  it('starts an approved change only where it does not run by itself', () => {
    show(SteerBar, testView('Approved'));
    expect(screen.queryByRole('button', { name: 'Start' })).toBeNull();
    cleanup();
    show(SteerBar, testView('Approved', { runWhenApproved: false }));
    expect(refusalOf('Start').off).toBeNull();
  });
});

describe('the bar of a change in review', () => {
  it('refuses somebody whose sign-off is not missing, in words', async () => {
    const user = show(SignBar, testView('InReview'));
    expect(refusalOf('Sign')).toEqual({ off: 'true', why: 'No missing sign-off is yours to give.' });
    await user.click(button('Sign'));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(screen.queryByRole('button', { name: /^Reject/ })).toBeNull();
  });

  it('says why the requester cannot sign, and offers to cancel', () => {
    const view = testView('InReview');
    const why = 'You asked for this change; nobody signs their own.';
    const you = { ...view.you, isRequester: true, refusals: { ...view.you.refusals, sign: why } };
    show(SignBar, { ...view, you });
    expect(refusalOf('Sign')).toEqual({ off: 'true', why });
    expect(screen.getByText(why)).toBeDefined();
    expect(refusalOf('Cancel request').off).toBeNull();
  });

  it('signs in the role and for the plan that are named', async () => {
    const user = show(SignBar, testView('InReview', {}, { signRoles: ['devops_lead'] }));
    await user.click(button('Sign as DevOps Lead'));
    expect(screen.getByText(/As DevOps Lead, you approve plan abababababab for production/)).toBeDefined();
    await user.click(button('Sign'));
    expect(sent).toEqual([
      {
        url: '/api/v1/changes/c-12/sign-offs',
        body: { role: 'devops_lead', planHash: testPlanHash },
        key: expect.any(String),
      },
    ]);
  });
});
