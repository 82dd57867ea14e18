// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ServiceSlis } from '@/lib/service/sli/contract';
import { answering, forgetSlis, readSlis, sliConfig, well } from '@/lib/service/sli/testing/answers';
import { type AnswerServer, answerServer } from '@/lib/sources/testing/answer-server';
import { SliTable } from './service-slis';
import { changeText, limitText, summaryText } from './sli-text';

let prometheus: AnswerServer;
beforeEach(async () => {
  forgetSlis();
  prometheus = await answerServer(answering(well));
});
afterEach(async () => {
  cleanup();
  await prometheus.stop();
});

const view = (slis: object = {}, service = 'shop-api'): Promise<ServiceSlis> =>
  readSlis(sliConfig(prometheus.url, slis), {
    service,
    environment: 'production',
    region: 'us-east-1',
  });
const lineOf = (name: RegExp) => {
  const line = screen.getByRole('rowheader', { name }).closest('tr');
  if (line === null) throw new Error(`${name} stands in no row.`);
  return within(line);
};

test('each indicator stands with its state in words, its value and its limits', async () => {
  render(<SliTable slis={await view()} />);
  expect(screen.getAllByRole('rowheader')).toHaveLength(9);
  const memory = lineOf(/^Memory usage/);
  expect(memory.getByText('Critical')).toBeDefined();
  expect(memory.getByText('95.0 %')).toBeDefined();
  expect(memory.getByText('50–70 %')).toBeDefined();
  expect(memory.getByText('> 80 %')).toBeDefined();
  expect(memory.getByText('> 90 %')).toBeDefined();
  expect(memory.getByText('Guide 004, SLI-05')).toBeDefined();
  expect(lineOf(/^Latency P95/).getByText('Off target')).toBeDefined();
  expect(lineOf(/^CPU usage/).getByText('Under-used')).toBeDefined();
  expect(lineOf(/^Cache hit ratio/).getByText('< 85 %')).toBeDefined();
  expect(
    screen.getByText(/^1 critical, 3 in warning, 2 off target, 1 under-used, 2 on target\./),
  ).toBeDefined();
});

test('neither off target nor under-used is loud', async () => {
  render(<SliTable slis={await view()} />);
  const loud = [...document.querySelectorAll('.text-warn, .text-crit')].map((one) => one.textContent);
  const quiet = loud.filter((text) => /Off target|Under-used/.test(text ?? ''));
  expect(loud.length).toBeGreaterThan(0);
  expect(quiet).toEqual([]);
});

test('traffic says what it is compared with', async () => {
  render(<SliTable slis={await view()} />);
  const line = lineOf(/^QPS/);
  expect(line.getByText(/^\+74 % against 11\.5 \/s/)).toBeDefined();
  expect(line.getByText('same hour, 4 of 4 weeks')).toBeDefined();
  expect(line.getByText('≤ −100 %')).toBeDefined();
});

test('what is not configured says what to add', async () => {
  render(<SliTable slis={await view({}, 'mailer')} />);
  const said = screen.getByText('slis.cache-hits: hits and misses, or a gauge cache-hits in metrics.gauges');
  expect(said.closest('td')?.textContent).toContain('Mailer names no series for it. Add to signalbox.yaml');
  expect(lineOf(/^Cache hit ratio/).getByText('No data')).toBeDefined();
});

test('each figure tells how it was computed', async () => {
  render(<SliTable slis={await view()} />);
  fireEvent.click(screen.getByRole('button', { name: 'How computed: Database connections' }));
  const told = await screen.findByRole('dialog');
  expect(within(told).getByText('60 / 100 = 60 %')).toBeDefined();
  expect(within(told).getByText(/^\(sum\(open\{/)).toBeDefined();
});

test('states and alerts are two things, and the objective that alerts is a link', async () => {
  render(<SliTable slis={await view()} />);
  expect(screen.getByText(/pages nobody/)).toBeDefined();
  expect(screen.getByRole('link', { name: 'Availability' }).getAttribute('href')).toBe(
    '/slos/shop-availability',
  );
  cleanup();
  render(<SliTable slis={await view({}, 'mailer')} />);
  expect(screen.getByText(/this service has none here\./)).toBeDefined();
});

test('a source that is away is said once above and in each row', async () => {
  prometheus.answer = () => ({ status: 503, body: '' });
  render(<SliTable slis={await view()} />);
  expect(screen.getByText(/^No indicators: Prometheus main is not ready/)).toBeDefined();
  expect(screen.getAllByText('No data')).toHaveLength(9);
});

test('limits are as they are written, changes with their sign', () => {
  expect([0.0005, 0.0001, 0.7, 1].map((ratio) => limitText('ratio', ratio).replace('\u00a0', ' '))).toEqual([
    '0.05 %',
    '0.01 %',
    '70 %',
    '100 %',
  ]);
  expect([0.1, 1, 1.5].map((seconds) => limitText('seconds', seconds).replace('\u00a0', ' '))).toEqual([
    '100 ms',
    '1 s',
    '1.5 s',
  ]);
  expect([changeText(-1), changeText(0.081), changeText(0)]).toEqual([
    '−100\u00a0%',
    '+8.1\u00a0%',
    '+0.0\u00a0%',
  ]);
  expect(summaryText([{ state: 'ok' }, { state: 'no-data' }, { state: 'ok' }])).toBe(
    '1 without data, 2 on target.',
  );
});
