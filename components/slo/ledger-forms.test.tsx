// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AddEntry, AddExclusion } from '@/lib/slo/ledger/contract';
import { LedgerEntryForm } from './ledger-entry-form';
import { LedgerExclusionForm } from './ledger-exclusion-form';
import { fieldTime, instantOf } from './ledger-times';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const span = { from: '2026-11-20T02:00:00.000Z', to: '2026-11-20T02:30:00.000Z' };
const target = { slo: 'checkout', environment: 'production', span };
const refusal = {
  status: 422,
  title: 'Not valid',
  detail: 'The body is not valid: rule: FREQ=HOURLY is not valid.',
  code: 'invalid',
  next: 'Correct the named field.',
};

/** Renders a form against a console that refuses what it is sent, and keeps it. */
function show(form: ReactNode) {
  const sent: { url: string; body: unknown }[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    if (init.method !== 'POST') return new Promise<Response>(() => undefined);
    sent.push({ url, body: JSON.parse(String(init.body)) });
    return new Response(JSON.stringify(refusal), { status: 422 });
  });
  render(<QueryClientProvider client={new QueryClient()}>{form}</QueryClientProvider>);
  return { sent, user: userEvent.setup() };
}
const field = (label: string) => screen.getByLabelText(label);

describe('an entry', () => {
  const form = (
    <LedgerEntryForm
      {...target}
      regions={['us-east-1', 'eu-west-1']}
      changes={[{ id: 'c-7', title: 'Deploy checkout 2.0' }]}
      onAdded={() => undefined}
    />
  );

  it('is sent with the span of the chart, and what was chosen', async () => {
    const { sent, user } = show(form);
    await user.selectOptions(field('Cause'), 'Production test');
    await user.selectOptions(field('Region'), 'eu-west-1');
    await user.selectOptions(field('Caused by a change'), 'c-7 Deploy checkout 2.0');
    await user.type(field('Title'), ' Load test ');
    await user.click(screen.getByRole('button', { name: 'Add entry' }));
    expect(sent).toEqual([
      {
        url: '/api/v1/slos/checkout/entries',
        body: {
          environment: 'production',
          cause: 'production-test',
          region: 'eu-west-1',
          change: 'c-7',
          title: 'Load test',
          ...span,
        },
      },
    ]);
    expect(AddEntry.safeParse(sent[0]?.body).success).toBe(true);
    expect(await screen.findByText(refusal.detail)).toBeDefined();
  });

  it('is not sent before it can be meant', async () => {
    const { sent, user } = show(form);
    fireEvent.change(field('To'), { target: { value: '2026-11-20T01:00' } });
    await user.type(field('Link (optional)'), 'notes');
    await user.click(screen.getByRole('button', { name: 'Add entry' }));
    expect(sent).toEqual([]);
    expect(screen.getByText('Say in at least 3 characters what it was.')).toBeDefined();
    expect(screen.getByText('The end must be after the beginning.')).toBeDefined();
    expect(screen.getByText('Must be an http or https URL.')).toBeDefined();
  });
});

describe('an exclusion', () => {
  const form = <LedgerExclusionForm {...target} onAdded={() => undefined} />;
  const send = () => screen.getByRole('button', { name: 'Add exclusion' });

  it('once has the span of the chart', async () => {
    const { sent, user } = show(form);
    await user.click(send());
    expect(sent).toEqual([]);
    await user.type(field('Reason'), 'Move of the data centre');
    await user.click(send());
    expect(sent[0]?.body).toEqual({
      kind: 'once',
      environment: 'production',
      reason: 'Move of the data centre',
      ...span,
    });
    expect(AddExclusion.safeParse(sent[0]?.body).success).toBe(true);
  });

  it('recurs by a rule of the list or an own one, in a zone', async () => {
    const { sent, user } = show(form);
    await user.selectOptions(field('How often'), 'Monday to Friday');
    await user.type(field('Reason'), 'Nightly batch');
    await user.click(send());
    expect(sent).toEqual([]);
    expect(screen.getByText('Say when it happens first.')).toBeDefined();
    fireEvent.change(field('First time'), { target: { value: '2026-01-05T02:00' } });
    fireEvent.change(field('Time zone'), { target: { value: 'Europe/Berlin' } });
    fireEvent.change(field('Hours'), { target: { value: '1.5' } });
    await user.click(send());
    const body = {
      kind: 'recurring',
      environment: 'production',
      reason: 'Nightly batch',
      rule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
      starts: '2026-01-05T02:00',
      zone: 'Europe/Berlin',
      seconds: 5400,
    };
    expect(sent[0]?.body).toEqual(body);
    expect(AddExclusion.safeParse(sent[0]?.body).success).toBe(true);
    await user.selectOptions(field('How often'), 'By a rule');
    fireEvent.change(field('Rule'), { target: { value: 'freq=hourly' } });
    await user.click(send());
    expect(sent[1]?.body).toEqual({ ...body, rule: 'FREQ=HOURLY' });
    expect(await screen.findByText(refusal.detail)).toBeDefined();
  });
});

it('field times go there and back in both zones', () => {
  expect(fieldTime(span.from, 'utc')).toBe('2026-11-20T02:00');
  expect(instantOf('2026-11-20T02:00', 'utc')).toBe(span.from);
  expect(instantOf(fieldTime(span.from, 'local'), 'local')).toBe(span.from);
  expect([instantOf('', 'utc'), instantOf('2026-13-20T02:00', 'utc')]).toEqual([null, null]);
});
