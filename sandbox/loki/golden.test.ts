import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstTimes, shapeDifferences } from './golden-compare';
import { capturedEnd, pushCapturedService } from './golden-data';
import { type Exchange, exchanges } from './golden-read';
import { type Loki, startLoki } from './server';

/** The replay shrinks only by a decision: this number only rises. */
const floor = 120;

/** Captures recorded half an hour later than the rest. */
const later = new Set(['push-partial-400', 'query-after-partial-push', 'query_range-start-equals-end']);

/** Texts of upstream's JSON decoder: only their beginning is the same here (docs/sandbox-differences.md). */
const prefixOnly = new Set(['err-push-bad-json', 'err-push-ts-number']);

const fromAuth = (name: string, exchange: Exchange): boolean =>
  name.startsWith('auth-') ||
  exchange.request.headers?.['X-Scope-OrgID'] === 'acme' ||
  name === 'labels-of-empty-tenant';

let clock = capturedEnd + 600;
let open: Loki;
let strict: Loki;

beforeAll(async () => {
  const now = () => clock;
  open = await startLoki({ port: 0, now });
  const limits = {
    maxEntries: 100,
    maxSeries: 5,
    maxQueryLengthMs: 86_400_000,
    maxLineBytes: 2048,
    maxLabelNames: 6,
    ingestionBytesPerSecond: 10_485,
  };
  strict = await startLoki({ port: 0, now, limits, auth: true, readyWaitMs: 15_000 });
  pushCapturedService(open);
  for (let i = 0; i < 9; i += 1) {
    const values = [[`${capturedEnd - i}000000`, `hello ${i}`]];
    const body = JSON.stringify({ streams: [{ stream: { app: 'probe', i: String(i) }, values }] });
    const headers = { 'content-type': 'application/json', 'X-Scope-OrgID': 'acme' };
    await fetch(`${strict.url}/loki/api/v1/push`, { method: 'POST', headers, body });
  }
});

afterAll(async () => {
  await Promise.all([open.stop(), strict.stop()]);
});

/** Bodies too long to keep: a line of 3,000 bytes, and thirty of 1,000. */
function bodyOf(exchange: Exchange): string | undefined {
  const stream = { app: 'probe' };
  const values = (count: number, size: number) =>
    Array.from({ length: count }, () => [`${capturedEnd}000000`, 'x'.repeat(size)]);
  if (exchange.name === 'err-push-line-too-long') {
    return JSON.stringify({ streams: [{ stream, values: values(1, 3000) }] });
  }
  if (exchange.name === 'err-push-rate-limit') {
    return JSON.stringify({ streams: [{ stream, values: values(30, 1000) }] });
  }
  return exchange.request.body;
}

async function replay(exchange: Exchange): Promise<string[]> {
  const { name, request, response } = exchange;
  clock = capturedEnd + (later.has(name) ? 1_631_690 : 600);
  if (name === 'err-push-line-too-long') clock += 2000;
  const server = fromAuth(name, exchange) ? strict : open;
  const [method = 'GET', target = '/'] = request.line.split(' ');
  const body = method === 'POST' ? bodyOf(exchange) : undefined;
  const answer = await fetch(server.url + target, {
    method,
    headers: request.headers ?? {},
    ...(body === undefined ? {} : { body }),
  });
  const differences: string[] = [];
  if (answer.status !== response.status)
    differences.push(`status ${answer.status}, captured ${response.status}`);
  const type = answer.headers.get('content-type') ?? undefined;
  if (type !== response.headers['content-type']) differences.push(`content type ${type}`);
  return [...differences, ...bodyDifferences(name, response.body, await answer.text())];
}

function bodyDifferences(name: string, expected: unknown, text: string): string[] {
  if (typeof expected === 'string') {
    const length = prefixOnly.has(name)
      ? 'loghttp.PushRequest.Streams: []loghttp.LogProtoStream: '.length
      : undefined;
    return text.slice(0, length) === expected.slice(0, length) ? [] : [`text: ${text}`];
  }
  let actual: unknown = null;
  try {
    actual = JSON.parse(text);
  } catch {
    return [`not JSON: ${text}`];
  }
  const times = firstTimes(expected);
  const here = firstTimes(actual).slice(0, times.length);
  const shifted = JSON.stringify(times) === JSON.stringify(here) ? [] : [`times ${here}, captured ${times}`];
  return [...shapeDifferences(expected, actual), ...shifted];
}

test('the captured exchanges are answered with the same status, type, shape and error text', async () => {
  const all = exchanges();
  const pushesFirst = [...all].sort(
    (a, b) => Number(b.name.startsWith('push-')) - Number(a.name.startsWith('push-')),
  );
  const failed: Record<string, string[]> = {};
  for (const exchange of pushesFirst) {
    const differences = await replay(exchange);
    if (differences.length > 0) failed[exchange.name] = differences;
  }
  const good = all.length - Object.keys(failed).length;
  process.stdout.write(`Loki: replayed ${good} of ${all.length} captured exchanges\n`);
  expect(failed).toEqual({});
  expect(good).toBeGreaterThanOrEqual(floor);
});
