import { expect, test } from 'vitest';
import { claim } from '../ledger/testing/claims';
import type { MonthReport } from './contract';
import { reportCsv } from './csv';
import { asFile } from './file';
import { methodSentences, methodVersion } from './method';
import { monthBounds } from './month';
import { failing, line, said } from './testing/lines';

const month = '2026-11';
const { from, to } = monthBounds(month, 'UTC');
const evil = '=HYPERLINK("http://evil.example","now")';
const report = (more: Partial<MonthReport> = {}): MonthReport => ({
  state: 'frozen',
  frozenAt: '2026-12-01T02:00:00.000Z',
  hash: 'f'.repeat(64),
  waiting: [],
  report: {
    version: 1,
    month,
    environment: 'production',
    timeZone: 'UTC',
    from: new Date(from * 1000).toISOString(),
    to: new Date(to * 1000).toISOString(),
    until: new Date(to * 1000).toISOString(),
    summary: ['All is well.'],
    lines: [
      line({
        month,
        at: (end) => failing(1000, end > from + 86_400 && end <= from + 87_300 ? 1000 : 0),
        claims: [claim('change:12', from + 86_400, from + 87_300)],
        said: new Map([['change:12', said('change', evil)]]),
      }),
    ],
    missing: [],
    method: { version: methodVersion, sentences: [...methodSentences] },
  },
  corrections: [
    {
      id: '7c1e0f0a-6f3b-4f7e-9a43-2f6f0c6a5d11',
      objective: 'shop-availability',
      definition: 'abc',
      what: '+cmd|calc',
      why: 'Two lines,\nand a "quote"',
      failures: -120,
      seconds: -36,
      by: '@nora',
      at: '2026-12-03T10:00:00.000Z',
    },
  ],
  corrected: [],
  mayCorrect: true,
  previous: null,
  next: null,
  ...more,
});

/** A reader of RFC 4180, apart from the one that writes. */
function parse(text: string): Record<string, string>[] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (quoted && sign === '"' && text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (sign === '"') quoted = !quoted;
    else if (!quoted && (sign === ',' || sign === '\n')) {
      rows.at(-1)?.push(cell.replace(/\r$/, ''));
      cell = '';
      if (sign === '\n') rows.push([]);
    } else cell += sign;
  }
  const [head = [], ...body] = rows.filter((row) => row.length > 1);
  return body.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index] ?? ''])));
}

test('every row has every column, and the figures of the page are in it', () => {
  const rows = parse(reportCsv(report()));
  const columns = Object.keys(rows[0] ?? {});
  expect(columns).toHaveLength(31);
  expect(rows.find(({ row }) => row === 'objective')).toMatchObject({
    month,
    environment: 'production',
    state: 'frozen',
    time_zone: 'UTC',
    target_percent: '99.95',
    service_level_percent: '99.965',
    met: 'yes',
    coverage_percent: '100',
    method: 'counted',
    month_budget_minutes: '21.6',
    budget_failures: '4320',
    failures: '3000',
    minutes: '15',
    left_minutes: '6.6',
    share_of_budget_percent: '69.4444',
  });
  const causes = rows.filter(({ row }) => row === 'cause');
  expect(causes).toHaveLength(7);
  expect(causes.reduce((sum, { failures }) => sum + Number(failures), 0)).toBe(3000);
  expect(rows.filter(({ row }) => row === 'method')).toHaveLength(methodSentences.length);
  expect(rows[0]).toMatchObject({ row: 'report', note: `Frozen; SHA-256 ${'f'.repeat(64)}` });
});

test('no text of a person is a formula to a spreadsheet, and amounts stay numbers', () => {
  const rows = parse(reportCsv(report()));
  expect(rows.find(({ row }) => row === 'cost')?.['title']).toBe(`'${evil}`);
  expect(rows.find(({ row }) => row === 'correction')).toMatchObject({
    title: "'+cmd|calc",
    by: "'@nora",
    note: 'Two lines,\nand a "quote"',
    failures: '-120',
    minutes: '-0.6',
  });
});

test('a file says what it is, and that of a running month does not look frozen', async () => {
  const file = asFile(report(), 'csv');
  expect(file.headers.get('content-disposition')).toBe(
    'attachment; filename="slo-report-2026-11-production.csv"',
  );
  expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const open = asFile(report({ state: 'running', frozenAt: null, hash: null }), 'json');
  const json = JSON.parse(await open.text());
  expect(json).toMatchObject({ state: 'running', frozenAt: null, report: { month, method: { version: 2 } } });
  expect(json).not.toHaveProperty('mayCorrect');
  expect(parse(reportCsv(report({ state: 'running', frozenAt: null, hash: null })))[0]?.['note']).toMatch(
    /not frozen/,
  );
});
