// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChangeView } from '@/lib/change/contract';
import { executingStates } from '@/lib/change/model';
import { stagedPlan } from '@/lib/change/testing/staged-plan';
import { ExecutionPanels } from './execution-panels';
import { SteerBar } from './steer-bar';
import { testView } from './test-view';
import { reading, stagedView } from './testing/staged-view';

type Sent = { url: string; body: unknown };
let sent: Sent[] = [];
let answer: () => Response = () => new Response(JSON.stringify({ id: 'c-12' }));

beforeEach(() => {
  sent = [];
  answer = () => new Response(JSON.stringify({ id: 'c-12' }));
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    if (init.method === undefined) return new Promise<Response>(() => undefined);
    sent.push({ url, body: JSON.parse(String(init.body)) });
    return answer();
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function show(Part: typeof SteerBar | typeof ExecutionPanels, view: ChangeView) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const page = (now: ChangeView) => (
    <QueryClientProvider client={client}>
      <Part view={now} />
    </QueryClientProvider>
  );
  const { rerender } = render(page(view));
  return { user: userEvent.setup(), move: (now: ChangeView) => rerender(page(now)) };
}
const plain = (element: Element | null) => (element?.textContent ?? '').replace(/\s+/g, ' ');
const button = (name: string | RegExp) => screen.getByRole('button', { name });
const region = (name: string) => screen.getByRole('region', { name });
const panel = (title: string | RegExp) =>
  screen.getByRole('heading', { name: title, level: 2 }).closest('section');

describe('Abort of a change of several steps', () => {
  it.each([
    [1, 'Abort: stops the new pods of 2.0.0 in us-east-1', 'Abort'],
    [2, 'Abort: stops the new pods of 2.0.0 in us-east-1', 'Abort'],
    [5, 'Abort: sends all requests back to blue 1.8.0', 'Abort and go back to 1.8.0'],
    [13, 'Abort: sends all requests back to blue 1.8.0', 'Abort and go back to 1.8.0'],
  ])('says at step %i what it does now', (running, sentence, verb) => {
    show(SteerBar, stagedView('Running', { running }));
    expect(screen.getByText(sentence)).toBeDefined();
    expect(button(verb)).toBeDefined();
  });

  it('says so before the first write', () => {
    show(SteerBar, stagedView('Running', { running: 0 }));
    expect(screen.getByText('Abort: ends the change; nothing was written yet')).toBeDefined();
  });

  it('names the regions in the order in which they go back', () => {
    show(SteerBar, stagedView('Running', { running: 13 }));
    expect(
      screen.getByText('In first eu-west-1, then us-east-1: the requests first, then the new pods.'),
    ).toBeDefined();
  });

  it('says which part goes back when the new colour had some before', () => {
    const { staged } = stagedPlan;
    const shares = staged.shares.map((one) => ({ ...one, before: 0.25 }));
    show(
      SteerBar,
      stagedView('Running', { view: { plan: { ...stagedPlan, staged: { ...staged, shares } } } }),
    );
    expect(screen.getByText(/^Abort: sends 75.% of the requests back to blue 1.8.0$/)).toBeDefined();
  });

  it('shows what each object is and what it becomes again, and needs a reason', async () => {
    const { user } = show(SteerBar, stagedView('Running'));
    await user.click(button(/^Abort/));
    const dialog = screen.getByRole('dialog', { name: /^Abort Deploy/ });
    expect(within(dialog).getAllByRole('heading', { level: 3 }).map(plain)).toEqual([
      'Deployment fraiseql-api-green, us-east-1',
      'VirtualService fraiseql-api, us-east-1',
    ]);
    expect(plain(dialog)).toContain('requests to 2.0.0−5 %+0 %');
    await user.click(within(dialog).getByRole('button', { name: 'Abort and go back to 1.8.0' }));
    expect(sent).toEqual([]);
    await user.type(screen.getByLabelText('Reason'), 'Errors climb.');
    await user.click(within(dialog).getByRole('button', { name: 'Abort and go back to 1.8.0' }));
    expect(sent).toEqual([{ url: '/api/v1/changes/c-12/abort', body: { reason: 'Errors climb.' } }]);
  });

  it('stands in its place in every executing state', () => {
    for (const state of executingStates) {
      show(SteerBar, stagedView(state));
      expect(screen.getAllByRole('button').map(plain).at(-1), state).toBe('Abort and go back to 1.8.0');
      cleanup();
    }
    expect(executingStates).toHaveLength(7);
  });
});

describe('going on before the hold is over', () => {
  it('sends the step that was seen, also when another one runs by now', async () => {
    const { user, move } = show(SteerBar, stagedView('Running'));
    await user.click(button('Go on with step 6 now'));
    move(stagedView('Running', { running: 8 }));
    const dialog = screen.getByRole('dialog', { name: 'Go on with step 6 now' });
    answer = () =>
      new Response(
        JSON.stringify({
          title: 'Conflict',
          status: 409,
          detail: 'Step 8 runs now, and you meant step 5; nothing was skipped.',
          code: 'conflict',
        }),
        { status: 409, headers: { 'content-type': 'application/problem+json' } },
      );
    await user.type(screen.getByLabelText('Reason'), 'Flat.');
    await user.click(within(dialog).getByRole('button', { name: 'Go on with step 6 now' }));
    expect(sent).toEqual([
      { url: '/api/v1/changes/c-12/promotion', body: { reason: 'Flat.', expectedStep: 5 } },
    ]);
    expect(await screen.findByText(/Step 8 runs now, and you meant step 5/)).toBeDefined();
  });

  it('is off with the reason where no hold runs', async () => {
    const { user } = show(SteerBar, stagedView('Running', { running: 4 }));
    const off = button('Go on with step 5 now');
    expect(off.getAttribute('aria-disabled')).toBe('true');
    expect(off.getAttribute('title')).toMatch(/^Step 4 ends when what it waits for is there/);
    await user.click(off);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('says how much of the hold was seen', async () => {
    const holding = { step: 5, goodSeconds: 120, needSeconds: 600, isCounting: true, detail: '' };
    const { user } = show(SteerBar, stagedView('Running', { view: { holding } }));
    await user.click(button('Go on with step 6 now'));
    expect(plain(screen.getByRole('dialog'))).toContain('Step 5 has 2 min of 10 min of good time');
  });
});

describe('the steps', () => {
  const holding = {
    step: 5,
    goodSeconds: 120,
    needSeconds: 600,
    isCounting: false,
    detail: 'The figures could not be read twice in a row.',
  };

  it('stand below their regions, and the hold says what is left and why it does not count', () => {
    show(ExecutionPanels, stagedView('Running', { view: { holding } }));
    const here = plain(panel('Steps'));
    expect(here).toContain('8 min of good time left of 10 min');
    expect(here).toContain('does not count now');
    expect(here).toContain(holding.detail);
    expect(screen.getByRole('progressbar').getAttribute('aria-valuetext')).toBe('2 min of 10 min');
    expect(here).toContain('eu-west-1 not touched yet');
    expect(screen.getByRole('listitem', { current: 'step' }).textContent).toContain('Hold');
  });
});

describe('the traffic', () => {
  it('shows what is and what is wanted, and says where they differ', () => {
    const view = stagedView('Running');
    const [first, ...rest] = view.traffic;
    if (first?.colours.state !== 'fresh') throw new Error('The first region is known.');
    const value = first.colours.value.map((one) => ({ ...one, wanted: one.part === 'new' ? 0.25 : 0.75 }));
    show(ExecutionPanels, {
      ...view,
      traffic: [{ ...first, colours: { ...first.colours, value } }, ...rest],
    });
    const lines = within(region('Traffic of us-east-1')).getAllByRole('listitem').map(plain);
    expect(lines).toEqual([
      'Green 2.0.05 %, wanted 25 % differs2 of 2 pods ready',
      'Blue 1.8.095 %, wanted 75 % differs3 of 3 pods ready',
    ]);
    expect(plain(region('Traffic of eu-west-1'))).toContain('Green 2.0.00 %, wanted 0 %no pods');
  });

  it('a change of one write has none', () => {
    show(ExecutionPanels, testView('Running', { startedAt: '2026-11-21T14:00:00.000Z' }));
    expect(screen.queryByRole('heading', { name: 'Traffic now' })).toBeNull();
    expect(screen.getByRole('heading', { name: 'Pods now' })).toBeDefined();
  });

  it('a region that cannot be read costs its own line', () => {
    const view = stagedView('Running');
    const [first, ...rest] = view.traffic;
    if (first === undefined) throw new Error('There are two regions.');
    const colours = { state: 'missing', reason: 'timeout' } as const;
    show(ExecutionPanels, { ...view, traffic: [{ ...first, colours }, ...rest] });
    expect(plain(region('Traffic of us-east-1'))).toContain('the source did not answer in time');
    expect(within(region('Traffic of eu-west-1')).getAllByRole('listitem')).toHaveLength(2);
  });
});

describe('the analysis', () => {
  const measurements = [
    reading(0),
    reading(30, { verdict: 'NODATA', total: 3, failed: 0, detail: 'Only 3 requests.' }),
    reading(60, { verdict: 'FAIL', failed: 20, detail: '10 % failed.' }),
  ];

  it('judges the new version against the old one, region by region', () => {
    show(ExecutionPanels, stagedView('Running', { view: { measurements } }));
    const one = region('Analysis of us-east-1');
    expect(plain(one)).toContain('Fails');
    expect(plain(one)).toContain(
      '10.0 % of 200 requests failed against 0.11 % of 1.8.0; 4.9 % of the requests measured',
    );
    expect(plain(region('Analysis of eu-west-1'))).toContain('Not judged yet');
  });

  it('has no lines, and no legend for them, while no reading could be judged', () => {
    const blind = [reading(0, { verdict: 'NODATA' }), reading(30, { verdict: 'ERROR' })];
    show(ExecutionPanels, stagedView('Running', { view: { measurements: blind } }));
    const one = plain(region('Analysis of us-east-1'));
    expect(one).toContain('No reading could be judged yet.');
    expect(one).not.toContain('also stopped when');
  });

  it('keeps every reading in a table, the newest first', async () => {
    const { user } = show(ExecutionPanels, stagedView('Running', { view: { measurements } }));
    await user.click(screen.getByText('3 readings: 1 passed, 1 failed, 1 without a verdict'));
    const rows = within(region('Readings of us-east-1')).getAllByRole('row').slice(1);
    expect(rows.map((row) => row.querySelectorAll('td')[2]?.textContent)).toEqual([
      'Fails',
      'Too few requests',
      'Passes',
    ]);
    expect(plain(rows[2] ?? null)).toContain('0.50 %, 1 of 2000.11 %, 4 of 3,8004.9 %');
  });
});

describe('of a long hold, of which the page has the newest readings alone', () => {
  const first = reading(0, { baselineFailed: 38 });
  const last = reading(6000, { failed: 20, verdict: 'FAIL' });
  const all = { region: 'us-east-1', passed: 1400, failed: 2, unjudged: 10 };
  const measured = [
    { ...all, firstJudged: first, lastJudged: last },
    { region: 'eu-west-1', passed: 1, failed: 0, unjudged: 0, firstJudged: first, lastJudged: first },
  ];
  const measurements = Array.from({ length: 70 }, (_, index) => reading(5000 + index * 30));

  it('all are counted, and it is said how many are not shown', () => {
    show(ExecutionPanels, stagedView('Running', { view: { measurements, measured } }));
    expect(screen.getByText('1,412 readings: 1,400 passed, 2 failed, 10 without a verdict')).toBeDefined();
    expect(within(region('Readings of us-east-1')).getAllByRole('row')).toHaveLength(61);
    expect(plain(region('Analysis of us-east-1'))).toContain(
      'The newest 60 are shown; 1,352 older ones are in the deployment record.',
    );
  });

  it('the verdict has the first reading and that of a region that was finished before', () => {
    const change = {
      finishedAt: '2026-11-21T20:30:00.000Z',
      outcome: { sentence: 'It succeeded.', kept: [] },
    };
    show(ExecutionPanels, stagedView('Succeeded', { running: 0, change, view: { measurements, measured } }));
    const cells = [...(panel(/^Verdict/)?.querySelectorAll('tbody tr') ?? [])].map((row) =>
      [...row.children].map((cell) => plain(cell)).slice(3),
    );
    expect(cells).toEqual([
      ['1.00 %', '10.0 %'],
      ['1.00 %', '0.50 %'],
    ]);
  });
});

it('the verdict has before and after of each region', () => {
  const outcome = { sentence: 'The analysis failed.', kept: [] };
  const change = { finishedAt: '2026-11-21T14:30:00.000Z', outcome };
  const measurements = [reading(0), reading(60, { verdict: 'FAIL', failed: 20 })];
  show(ExecutionPanels, stagedView('BackedOut', { running: 0, change, view: { measurements } }));
  const verdict = panel(/^Verdict/);
  const rows = [...(verdict?.querySelectorAll('tbody tr') ?? [])].map((row) =>
    [...row.children].map((cell) => plain(cell)),
  );
  expect(rows).toEqual([
    ['us-east-1', '0 %', '5 %', '0.11 %', '10.0 %'],
    ['eu-west-1', '0 %', '0 %', 'no reading', 'no reading'],
  ]);
});
