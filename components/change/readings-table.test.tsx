// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { MeasurementView } from '@/lib/change/contract';
import type { MeasurementEvidence } from '@/lib/change/measured-contract';
import { ReadingsTable } from './readings-table';
import { reading } from './testing/staged-view';

let asked: string[] = [];
let answers: Record<string, unknown> = {};
beforeEach(() => {
  asked = [];
  answers = {};
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    const answer = answers[url];
    return answer === undefined
      ? Response.json(
          { status: 404, title: 'Not found', detail: 'c-12 has no such reading.', code: 'not-found' },
          { status: 404 },
        )
      : Response.json(answer);
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function show(readings: MeasurementView[], count = readings.length, region: string | null = 'us-east-1') {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const [first = null] = readings;
  const all = { region, passed: count, failed: 0, unjudged: 0, firstJudged: first, lastJudged: first };
  render(
    <QueryClientProvider client={client}>
      <ReadingsTable
        change="c-12"
        region={region}
        readings={readings}
        all={all}
        newName="2.0.0"
        oldName="1.8.0"
      />
    </QueryClientProvider>,
  );
  return userEvent.setup();
}
const plain = (element: Element | null) => (element?.textContent ?? '').replaceAll(/\s+/g, ' ');
const evidence = (part: Partial<MeasurementEvidence> = {}): MeasurementEvidence => ({
  ...reading(0, { verdict: 'FAIL', failed: 20.25, detail: '10 % of 200 requests failed, limit 5 %.' }),
  query: { text: 'sum(rate(http_requests_total[1m]))', length: 34 },
  answer: { text: '{\n  "values": { "failed": "20.25" }\n}', length: 37 },
  answeredFor: '2026-11-21T13:59:58.000Z',
  ...part,
});

it('asks for the evidence of a reading when it is opened, by keyboard too, and shows all of it', async () => {
  answers['/api/v1/changes/c-12/measurements/100000'] = evidence();
  const user = show([reading(0, { verdict: 'FAIL', failed: 20 })]);
  expect(asked).toEqual([]);
  const open = screen.getByRole('button', { name: 'Fails at 14:00:00: query and answer' });
  expect(open.getAttribute('aria-expanded')).toBe('false');
  open.focus();
  await user.keyboard('{Enter}');
  expect(open.getAttribute('aria-expanded')).toBe('true');
  const query = await screen.findByRole('region', { name: 'Text of the query' });
  expect(plain(query)).toBe('sum(rate(http_requests_total[1m]))');
  expect(plain(screen.getByRole('region', { name: 'Text of the raw answer' }))).toContain(
    '"failed": "20.25"',
  );
  const facts = plain(query.closest('dl'));
  expect(facts).toContain('VerdictFails 10 % of 200 requests failed, limit 5 %.');
  expect(facts).toContain(
    'Asked2026-11-21 14:00:00, figures of 2026-11-21 13:59:58 by the clock of Prometheus',
  );
  expect(facts).toContain('2.0.0: 20.25 of 200 failed; 1.8.0: 4 of 3800 failed; measured share 4.9 %');
  expect(facts).not.toContain('The first');
  await user.keyboard('{Enter}');
  expect(screen.queryByRole('region', { name: 'Text of the query' })).toBeNull();
  expect(asked).toHaveLength(1);
});

it('says that a text is cut, that no answer was kept, and that a reading is gone', async () => {
  answers['/api/v1/changes/c-12/measurements/100000'] = evidence({
    query: { text: 'sum(', length: 30_000 },
    answer: null,
    answeredFor: null,
    total: null,
    failed: null,
    baselineTotal: null,
    baselineFailed: null,
    share: null,
  });
  const user = show([reading(0), reading(30)]);
  await user.click(screen.getByRole('button', { name: /at 14:00:00/ }));
  await screen.findByText(/The first 4 of 30,000 characters; the deployment record as JSON has all of it/);
  expect(screen.getByText(/None was kept/)).toBeDefined();
  expect(screen.getByText('None could be read.')).toBeDefined();
  await user.click(screen.getByRole('button', { name: /at 14:00:30/ }));
  expect(plain(await screen.findByRole('alert'))).toContain('c-12 has no such reading.');
});

it('reads older ones by pages, of the region alone', async () => {
  const page = { measurements: [reading(-30), reading(-60)], next: null };
  answers['/api/v1/changes/c-12/measurements?region=us-east-1&before=100000'] = page;
  const user = show([reading(0)], 3);
  expect(screen.getByText(/The newest 1 are shown; 2 older ones/)).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'Show older readings' }));
  await screen.findByRole('button', { name: /at 13:59:00/ });
  const rows = within(screen.getByRole('region', { name: 'Readings of us-east-1' })).getAllByRole('row');
  expect(rows.slice(1).map((row) => row.querySelector('time')?.dateTime.slice(14, 19))).toEqual([
    '00:00',
    '59:30',
    '59:00',
  ]);
  expect(screen.queryByRole('button', { name: 'Show older readings' })).toBeNull();
});

it('compares nothing where there is one version alone', () => {
  show([reading(0, { region: null, share: null, baselineTotal: null, baselineFailed: null })], 1, null);
  const heads = screen.getAllByRole('columnheader').map(plain);
  expect(heads).toEqual(['Time', 'Step', 'Verdict', '2.0.0 failed', 'Detail']);
});
