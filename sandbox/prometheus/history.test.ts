import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { writeHistory } from './history';
import { type HistoryRequest, type HistorySubject, isGap, pastEvents, sampleTimes } from './history-plan';

// A week of samples is some hundred thousand lines.
vi.setConfig({ testTimeout: 60_000 });

const DAY = 86_400_000;
const TO = 1_795_239_960_000;

function subject(service: HistorySubject['service'], region: string): HistorySubject {
  return {
    service,
    region,
    pod: { service, region, pod: 'p' },
    container: { service, region, container: service },
    database: null,
    cache: null,
    nodes: [],
  };
}

type Sample = { at: number; value: number };

/** Generates and reads back the series whose text matches `keep`. */
async function generate(request: HistoryRequest, keep = /./) {
  const samples = new Map<string, Sample[]>();
  const parts: string[] = [];
  const ends = await writeHistory(request, {
    begin: (part) => {
      const stream = new PassThrough();
      parts[part] = '';
      stream.on('data', (chunk: Buffer) => {
        parts[part] += chunk.toString();
      });
      return stream;
    },
    end: async () => undefined,
  });
  for (const part of parts) {
    const lines = part.split('\n');
    expect(lines.slice(-2)).toEqual(['# EOF', '']);
    for (const line of lines.slice(0, -2)) {
      if (!keep.test(line)) continue;
      const [series = '', value, at] = line.split(' ');
      const known = samples.get(series) ?? [];
      known.push({ at: Number(at) * 1000, value: Number(value) });
      samples.set(series, known);
    }
  }
  return { samples, ends, parts: parts.length };
}

const sumOf = (samples: Map<string, Sample[]>, pattern: RegExp, pick: (list: Sample[]) => number) =>
  [...samples].filter(([name]) => pattern.test(name)).reduce((total, [, list]) => total + pick(list), 0);

const last = (list: Sample[]) => list.at(-1)?.value ?? 0;

test('samples lie 120 s apart, 60 s in the last three days, and end at the end', () => {
  const times = [...sampleTimes(TO - 30 * DAY, TO)];
  const steps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  expect(new Set(steps)).toEqual(new Set([120_000, 60_000]));
  expect(times.at(-1)).toBe(TO);
  expect(times[0]).toBe(TO - 30 * DAY);
  expect(times.length).toBe((27 * DAY) / 120_000 + (3 * DAY) / 60_000 + 1);
});

test('counters never fall within a version, and end where the live process goes on', async () => {
  const request = {
    fromMs: TO - 8 * DAY,
    toMs: TO,
    seed: 1,
    subjects: [subject('fraiseql-api', 'us-east-1')],
  };
  const { samples, ends } = await generate(request);
  for (const [name, list] of samples) {
    if (!/_total|_bucket|_count|_sum/.test(name) || name.startsWith('fraiseql_cache')) continue;
    expect(list.every(({ value }, index) => index === 0 || value >= (list[index - 1]?.value ?? 0))).toBe(
      true,
    );
  }
  const current = /^fraiseql_requests_total.*version="1.8.0"/;
  const state = ends[0]?.metrics;
  const counted = Object.entries(state?.counters ?? {})
    .filter(([name]) => name.startsWith('fraiseql_requests_total'))
    .reduce((total, [, value]) => total + value, 0);
  expect(sumOf(samples, current, last)).toBe(counted);
  expect(state?.histogram.counts.reduce((total, count) => total + count, 0)).toBe(counted);
  expect(sumOf(samples, /^fraiseql_request_duration_seconds_count.*1.8.0/, last)).toBe(counted);
  // Six days at 14 requests a second, with the rhythm around it.
  expect(counted / (6 * 86_400 * 14)).toBeGreaterThan(0.9);
  expect(counted / (6 * 86_400 * 14)).toBeLessThan(1.1);
});

test('a release starts new series at 0 and ends the old ones', async () => {
  const request = {
    fromMs: TO - 7 * DAY,
    toMs: TO,
    seed: 1,
    subjects: [subject('fraiseql-api', 'us-east-1')],
  };
  const { samples } = await generate(request, /status="200"/);
  const of = (version: string) =>
    [...samples].find(
      ([name]) => name.includes('status="200"') && name.includes(`version="${version}"`),
    )?.[1] ?? [];
  const oldEnd = of('1.7.0').at(-1)?.at ?? 0;
  const newStart = of('1.8.0')[0];
  expect(newStart?.at).toBe(oldEnd + 120_000);
  expect(newStart?.value).toBeLessThan(14 * 120 * 2);
});

test('the outage is 15 minutes of one region, the bad deploy 40 minutes of a service', async () => {
  const { outage, badDeploy } = pastEvents(TO);
  expect(outage.toMs - outage.fromMs).toBe(15 * 60_000);
  const subjects = [
    subject('architect-api', 'us-east-1'),
    subject('architect-api', 'eu-west-1'),
    subject('fraiseql-api', 'us-east-1'),
  ];
  const request = { fromMs: TO - 13 * DAY, toMs: TO, seed: 2, subjects };
  const { samples } = await generate(request, /status="500"/);
  const failures = (name: string, region: string, from: number, to: number) =>
    sumOf(samples, new RegExp(`^${name}\\{.*status="500".*region="${region}"`), (list) => {
      const at = (moment: number) => list.findLast((sample) => sample.at <= moment)?.value ?? 0;
      return at(to) - at(from);
    });
  const outageFailures = failures('http_requests_total', 'us-east-1', outage.fromMs, outage.toMs);
  // 15 minutes at 30 requests a second, nearly all failed.
  expect(outageFailures).toBeGreaterThan(15 * 60 * 30 * 0.65);
  expect(failures('http_requests_total', 'eu-west-1', outage.fromMs, outage.toMs)).toBeLessThan(20);
  const deployFailures = failures('fraiseql_requests_total', 'us-east-1', badDeploy.fromMs, badDeploy.toMs);
  expect(deployFailures / (40 * 60 * 14)).toBeGreaterThan(0.03);
  expect(deployFailures / (40 * 60 * 14)).toBeLessThan(0.09);
});

test('there is one gap, and one reset of the observers in eu-west-1', async () => {
  const subjects = [subject('fraiseql-observers', 'eu-west-1')];
  const { samples, parts } = await generate(
    { fromMs: TO - 18 * DAY, toMs: TO, seed: 3, subjects },
    /^(up|observer_actions_executed_total)\{/,
  );
  const list = samples.get('up{service="fraiseql-observers",region="eu-west-1",pod="p"}') ?? [];
  const gaps = list.slice(1).filter(({ at }, index) => at - (list[index]?.at ?? 0) > 120_000);
  expect(gaps.length).toBe(1);
  expect(list.some(({ at }) => isGap(at, TO))).toBe(false);
  const executed =
    [...samples].find(([name]) => /^observer_actions_executed_total.*7.4.1/.test(name))?.[1] ?? [];
  const falls = executed.slice(1).filter(({ value }, index) => value < (executed[index]?.value ?? 0));
  expect(falls.length).toBe(1);
  expect(parts).toBeGreaterThanOrEqual(1);
});
