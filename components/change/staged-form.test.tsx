// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RequestPlan } from '@/lib/change/contract';
import type { TrafficKind } from '@/lib/change/strategies';
import { PlanForm, type PlanOptions } from './plan-form';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const optionsWith = (traffic: TrafficKind | null): PlanOptions => ({
  services: [
    {
      id: 'api',
      name: 'API',
      placements: [
        { environment: 'production', region: 'us-east-1', traffic },
        { environment: 'production', region: 'eu-west-1', traffic },
        { environment: 'production', region: 'ap-south-1', traffic: null },
        { environment: 'staging', region: 'us-east-1', traffic: null },
      ],
    },
  ],
  environments: [
    { id: 'production', name: 'Production' },
    { id: 'staging', name: 'Staging' },
  ],
  strategies: {
    canary: [{ weight: 5, hold: 600 }],
    gradual: [{ weight: 50, hold: 300 }],
    watchSeconds: 1800,
  },
});
const place = { service: 'api', environment: 'production', region: 'us-east-1' };
const canary: RequestPlan = { kind: 'deploy', ...place, version: 'v2', strategy: 'canary' };

const colours = [
  { colour: 'blue', version: 'v1', share: 0.95, pods: 10, ready: 10 },
  { colour: 'green', version: 'v2', share: 0.05, pods: 3, ready: 3 },
];

function Held({
  start,
  traffic,
  told,
}: {
  start: RequestPlan;
  traffic: TrafficKind | null;
  told: (value: RequestPlan) => void;
}) {
  const [value, setValue] = useState(start);
  return (
    <PlanForm
      options={optionsWith(traffic)}
      value={value}
      onChange={(next) => {
        setValue(next);
        told(next);
      }}
      text={{ reason: '', ticket: '', runWhenApproved: true }}
      onText={() => undefined}
      reasonMinLength={20}
      fieldError={null}
    />
  );
}

/** The form as a person uses it: what it tells is what it shows next. */
function show(
  start: RequestPlan,
  traffic: TrafficKind | null = 'virtual-service',
  now: typeof colours | 'old' | 'none' | null = colours,
) {
  const values: RequestPlan[] = [];
  const at = { observedAt: '2026-11-21T14:00:00.000Z' };
  const answer =
    now === null
      ? { state: 'missing', reason: 'unreachable', detail: 'The cluster does not answer.' }
      : now === 'old'
        ? { ...at, state: 'stale', reason: 'timeout', value: colours }
        : { ...at, state: 'fresh', value: now === 'none' ? null : now };
  vi.stubGlobal(
    'fetch',
    async (url: string) =>
      new Response(
        JSON.stringify(
          url.includes('/colours') ? { colours: answer } : { revisions: { ...answer, value: [] } },
        ),
      ),
  );
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <Held start={start} traffic={traffic} told={(value) => values.push(value)} />
    </QueryClientProvider>,
  );
  return { values, user: userEvent.setup(), last: () => values.at(-1) };
}
const radio = (name: string) => screen.getByRole<HTMLInputElement>('radio', { name });
const describedBy = (name: string) =>
  document.getElementById(radio(name).getAttribute('aria-describedby') ?? '')?.textContent;

describe('the strategy of a deploy', () => {
  it.each<[TrafficKind | null, string[]]>([
    ['virtual-service', []],
    ['http-route', []],
    ['service', ['Canary', 'Gradual']],
    ['replicas', ['Blue-green', 'Big bang']],
    [null, ['Blue-green', 'Canary', 'Gradual', 'Big bang']],
  ])('with %s, what the place cannot do is off and says why', (traffic, off) => {
    show({ kind: 'deploy', ...place, version: 'v2' }, traffic);
    const all = ['Rolling', 'Blue-green', 'Canary', 'Gradual', 'Big bang'];
    expect(all.filter((name) => radio(name).disabled)).toEqual(off);
    for (const name of off) expect(describedBy(name)).toMatch(/^Not here: .+\.$/);
  });

  it('says of each what speaks for it, its risk, its time and its way back', () => {
    show(canary);
    expect(describedBy('Canary')).toBe(
      'A small part of the requests goes first and is judged against the old version. Few see a bad release.Risk low. Back: one write, to pods that are still warm. 5 % for 10 min, then all; watched 30 min.',
    );
  });

  it('drops what only steps have when rolling is chosen, and the other way asks for regions', async () => {
    const { user, last } = show({
      ...canary,
      regions: ['us-east-1', 'eu-west-1'],
      onFailure: 'keep-finished',
    });
    await user.click(radio('Rolling'));
    expect(last()).toEqual({ kind: 'deploy', ...place, version: 'v2' });
    expect(screen.getByLabelText('Region').tagName).toBe('SELECT');
    await user.click(radio('Blue-green'));
    expect(last()).toMatchObject({ strategy: 'blue-green' });
    expect(screen.getByRole('list', { name: 'Region' })).toBeDefined();
  });

  it('forgets a way that the next place cannot do', async () => {
    const { user, last } = show(canary);
    await user.selectOptions(screen.getByLabelText('Environment'), 'staging');
    expect(last()).toEqual({ kind: 'deploy', ...place, environment: 'staging', version: 'v2' });
  });

  it('takes a redeploy only when it is said', async () => {
    const { user, last } = show(canary);
    await user.click(screen.getByLabelText('Redeploy'));
    expect(last()).toEqual({ ...canary, redeploy: true });
    await user.click(screen.getByLabelText('Redeploy'));
    expect(last()).toEqual(canary);
  });
});

describe('the order of regions', () => {
  const order = () =>
    within(screen.getByRole('list', { name: /^Region/ }))
      .getAllByRole('listitem')
      .map((one) => one.textContent);

  it('is built, turned and shortened by keyboard, and begins where the change begins', async () => {
    const { user, last } = show(canary);
    expect(order()).toEqual(['1us-east-1']);
    expect(screen.queryByRole('button', { name: 'Add ap-south-1' })).toBeNull();
    screen.getByRole('button', { name: 'Add eu-west-1' }).focus();
    await user.keyboard('{Enter}');
    expect(last()).toEqual({ ...canary, regions: ['us-east-1', 'eu-west-1'] });
    screen.getByRole('button', { name: 'Move eu-west-1 up' }).focus();
    await user.keyboard(' ');
    expect(last()).toEqual({ ...canary, region: 'eu-west-1', regions: ['eu-west-1', 'us-east-1'] });
    expect(order()).toEqual(['1eu-west-1', '2us-east-1']);
    expect(screen.getByText('eu-west-1 is number 1 of 2.')).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Leave us-east-1 out' }));
    expect(last()).toEqual({ ...canary, region: 'eu-west-1' });
  });

  it('keeps one region at least', async () => {
    const { user, values } = show(canary);
    const button = screen.getByRole('button', { name: 'Leave us-east-1 out' });
    expect(button.getAttribute('aria-disabled')).toBe('true');
    await user.click(button);
    await user.click(screen.getByRole('button', { name: 'Move us-east-1 up' }));
    expect(values).toEqual([]);
  });

  it('asks what becomes of finished regions only where there are several', async () => {
    const { user, last } = show(canary);
    expect(screen.queryByLabelText('When a later region fails')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Add eu-west-1' }));
    await user.selectOptions(screen.getByLabelText('When a later region fails'), 'keep-finished');
    expect(last()).toMatchObject({ onFailure: 'keep-finished' });
  });
});

describe('a shift of traffic', () => {
  const shift: RequestPlan = { kind: 'shift', ...place, colour: 'green', weight: 100 };

  it('shows what each colour runs and takes now', async () => {
    show(shift);
    expect(await screen.findByText('v1, 95 % of the requests, 10 of 10 pods ready')).toBeDefined();
    expect(describedBy('Green')).toBe('v2, 5\u00a0% of the requests, 3 of 3 pods ready');
  });

  it('takes the share from the slider or the number, and the colour', async () => {
    const { user, last } = show(shift);
    const number = screen.getByLabelText('Share, %');
    await user.clear(number);
    await user.type(number, '25');
    expect(last()).toMatchObject({ weight: 25 });
    expect(screen.getByLabelText<HTMLInputElement>('Share by slider').value).toBe('25');
    await user.click(radio('Blue'));
    expect(last()).toMatchObject({ colour: 'blue', weight: 25 });
  });

  it('says at once that a selector knows no part', () => {
    show({ ...shift, weight: 25 }, 'service');
    expect(screen.getByText(/100 is the only share there is here/)).toBeDefined();
  });

  it('says that the colours are being read, and of old ones since when', async () => {
    show(shift, 'virtual-service', 'old');
    expect(describedBy('Blue')).toBe('Reading…');
    expect(await screen.findByText(/^Colours as of/)).toBeDefined();
    expect(describedBy('Blue')).toContain('v1');
  });

  it('says that there is no pair where there is none', async () => {
    show(shift, null, 'none');
    expect(screen.getByText('This place has no pair of colours in signalbox.yaml.')).toBeDefined();
  });

  it('says why the colours are not known', async () => {
    show(shift, 'virtual-service', null);
    expect(await screen.findByText('No colours: The cluster does not answer.')).toBeDefined();
    expect(describedBy('Blue')).toBe('Not known now');
  });
});

describe('a way back', () => {
  it('offers the warm colour beside the revisions', async () => {
    const { user, last } = show({ kind: 'rollback', ...place, replicaSet: '' });
    const pair = await screen.findByRole('radio', { name: 'Switch back to green' });
    expect(describedBy('Switch back to green')).toBe('v2, 3 pods warm');
    expect(screen.getByLabelText('Back to')).toBeDefined();
    await user.click(pair);
    expect(last()).toEqual({ kind: 'rollback', ...place });
    expect(screen.queryByLabelText('Back to')).toBeNull();
  });

  it('has revisions alone where there is no pair', () => {
    show({ kind: 'rollback', ...place, replicaSet: '' }, null);
    expect(screen.queryByRole('radio')).toBeNull();
    expect(screen.getByLabelText('Back to')).toBeDefined();
  });
});
