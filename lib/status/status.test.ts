import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { testConfig } from '@/lib/service/testing/config';
import { composeStatus } from './compose';
import { type ComponentState, PublishedStatus, type StatusMessageView } from './contract';
import { dayBars, uptimeOf } from './days';
import { pageOf } from './html';
import { measuredState, overallSentence, shownState } from './measure';
import { writeStatus } from './publish';
import { readPublished, readPublishedFile } from './published';
import { summaryOf } from './summary';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'status-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));
const config = testConfig(
  {},
  { status: { environment: 'production', directory: folder, title: 'A & B <x>' } },
);

const pods = (ready: number, desired: number) => ({ ready, desired });

test.each<[ComponentState, number | null, boolean, { ready: number; desired: number } | null]>([
  ['operational', 0, true, pods(3, 3)],
  ['operational', null, true, pods(3, 3)],
  ['operational', 0.001, true, null],
  ['degraded_performance', 0.02, true, pods(3, 3)],
  ['degraded_performance', 0, true, pods(1, 3)],
  ['partial_outage', 0.08, true, pods(3, 3)],
  ['major_outage', 0.6, true, pods(3, 3)],
  ['major_outage', 0, true, pods(0, 3)],
  ['major_outage', null, false, pods(0, 3)],
  ['unknown', null, false, pods(3, 3)],
  ['unknown', null, false, null],
])('%s: errors %s, known %s, pods %o', (state, errorRatio, errorsKnown, counted) => {
  expect(measuredState({ errorRatio, errorsKnown, pods: counted })).toBe(state);
});

test('what people say counts when it is worse, and unknown is never called well', () => {
  expect(shownState('operational', ['major'])).toBe('partial_outage');
  expect(shownState('major_outage', ['minor'])).toBe('major_outage');
  expect(overallSentence(['operational', 'unknown']).sentence).toBe('What could be measured is operational.');
  expect(overallSentence(['unknown', 'unknown']).overall).toBe('unknown');
  expect(overallSentence(['operational', 'major_outage']).sentence).toBe(
    'Major outage in 1 of 2 components.',
  );
});

test('90 days, gaps as gaps, and one bad sample is no outage', () => {
  const row = { operational: 86_000, degraded: 0, partial: 0, major: 0, unknown: 400 };
  const days = dayBars(
    [
      { ...row, day: '2026-11-20' },
      { ...row, day: '2026-11-21', major: 59 },
    ],
    '2026-11-21',
  );
  expect(days).toHaveLength(90);
  expect(days[0]).toEqual({ day: '2026-08-24', worst: null, uptime: null });
  expect(days.slice(-2).map(({ worst }) => worst)).toEqual(['operational', 'operational']);
  expect(dayBars([{ ...row, day: '2026-11-21', major: 60 }], '2026-11-21').at(-1)?.worst).toBe(
    'major_outage',
  );
  expect(uptimeOf([{ ...row, day: 'd', operational: 900, major: 100 }])).toBe(0.9);
  expect(uptimeOf([])).toBeNull();
});

const message: StatusMessageView = {
  id: '7c1e0f0a-6f3b-4f7e-9a43-2f6f0c6a5d11',
  title: '<script>alert(1)</script> & "quotes"',
  impact: 'major',
  state: 'identified',
  components: ['shop-api/us-east-1'],
  createdAt: '2026-11-21T09:00:00.000Z',
  resolvedAt: null,
  version: 1,
  updates: [
    {
      id: '7c1e0f0a-6f3b-4f7e-9a43-2f6f0c6a5d12',
      state: 'identified',
      body: 'Found <b>it</b>\nand fix it',
      at: '2026-11-21T09:10:00.000Z',
    },
  ],
};

const publishedAt = new Date('2026-11-21T10:00:00Z');
function status(active: StatusMessageView[]): PublishedStatus {
  return composeStatus(config, {
    states: new Map([['shop-api/us-east-1', 'operational' as const]]),
    messages: { active, past: [] },
    days: new Map(),
    today: '2026-11-21',
    publishedAt,
  });
}

test('a message raises its components, and the rest stays as measured', () => {
  const composed = PublishedStatus.parse(status([message]));
  expect(composed.components.map(({ id, state }) => [id, state])).toEqual([
    ['shop-api/us-east-1', 'partial_outage'],
    ['shop-api/eu-west-1', 'unknown'],
    ['mailer/us-east-1', 'unknown'],
  ]);
});

test('what a change holds in maintenance says so, whatever is measured and said of it', () => {
  const { components, overall } = composeStatus(config, {
    states: new Map<string, ComponentState>([
      ['shop-api/us-east-1', 'major_outage'],
      ['shop-api/eu-west-1', 'operational'],
    ]),
    messages: { active: [message], past: [] },
    days: new Map(),
    today: '2026-11-21',
    maintained: new Set(['shop-api/us-east-1']),
    publishedAt,
  });
  expect(components.map(({ state }) => state)).toEqual(['under_maintenance', 'operational', 'unknown']);
  expect(overall).toBe('under_maintenance');
});

test('shortened durations are said on the published page, where the configuration has them', () => {
  const short = composeStatus(
    { ...config, timing: { ...config.timing, demo: true } },
    {
      states: new Map(),
      messages: { active: [], past: [] },
      days: new Map(),
      today: '2026-11-21',
      publishedAt,
    },
  );
  expect(pageOf(short)).toContain('demo timing');
  expect(pageOf(status([]))).not.toContain('demo timing');
  const { demoTiming: _, ...older } = short;
  expect(PublishedStatus.parse(older).demoTiming).toBe(false);
});

test('the files are written whole, read back, and hold no markup of a writer', async () => {
  expect(await readPublished(config)).toBeNull();
  await writeStatus(folder, status([message]), 'https://status.example.com/status');
  expect((await readPublished(config))?.active[0]?.title).toBe(message.title);
  const html = fs.readFileSync(path.join(folder, 'index.html'), 'utf8');
  expect(html).not.toContain('<script');
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).toContain('Found &lt;b&gt;it&lt;/b&gt;<br>and fix it');
  expect(html).toContain('<title>A &amp; B &lt;x&gt;</title>');
  const feed = await readPublishedFile('feed.xml', config);
  expect(feed).toContain('<feed xmlns="http://www.w3.org/2005/Atom">');
  expect(feed).toContain(`<id>urn:uuid:${message.id}</id>`);
  expect(feed).not.toContain('<script');
  expect(fs.readdirSync(folder).sort()).toEqual(['feed.xml', 'index.html', 'status.json', 'summary.json']);
});

test('the summary has the shape of a Statuspage', () => {
  const summary = summaryOf(status([message]), 'https://status.example.com/status');
  expect(summary.status).toEqual({ indicator: 'major', description: 'Partial outage in 1 of 3 components.' });
  expect(summary.components[0]).toMatchObject({ status: 'partial_outage', position: 1, group: false });
  expect(summary.incidents[0]).toMatchObject({
    impact: 'major',
    status: 'identified',
    components: [{ id: 'shop-api/us-east-1' }],
    incident_updates: [{ body: 'Found <b>it</b>\nand fix it' }],
  });
  expect(summaryOf(status([{ ...message, impact: 'maintenance' }]), 'x').scheduled_maintenances).toHaveLength(
    1,
  );
});

test('a broken file is no status', async () => {
  fs.writeFileSync(path.join(folder, 'status.json'), '{"v":1');
  expect(await readPublished(config)).toBeNull();
});
