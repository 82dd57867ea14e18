import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { z } from 'zod';
import { shapeDifferences } from './golden-compare';
import { type TailExchange, tailExchanges } from './golden-read';
import { type Loki, startLoki } from './server';

const Frame = z.object({
  streams: z.array(
    z.object({
      stream: z.record(z.string(), z.string()),
      values: z.array(z.tuple([z.string(), z.string()])),
    }),
  ),
  dropped_entries: z
    .array(z.object({ labels: z.record(z.string(), z.string()), timestamp: z.string() }))
    .optional(),
});
type Frame = z.infer<typeof Frame>;

const stored = 1_795_243_233_188_100_000n;
let loki: Loki;

beforeAll(async () => {
  loki = await startLoki({ port: 0, now: () => 1_795_243_234_000 });
  loki.push({ app: 'tailtest', level: 'info' }, [
    { timeNs: stored, line: '{"message":"before 1"}' },
    { timeNs: stored + 1n, line: '{"message":"before 2"}' },
  ]);
});
afterAll(() => loki.stop());

type Refusal = { status: number; type: string | undefined; body: string };

/** A socket that remembers its frames; `next(n)` waits until there are n entries in all. */
function connect(target: string, server = loki) {
  const client = new WebSocket(server.url.replace('http', 'ws') + target);
  const frames: Frame[] = [];
  client.on('message', (data) => frames.push(Frame.parse(JSON.parse(String(data)))));
  const pinged = new Promise<void>((resolve) => client.once('ping', () => resolve()));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    client.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  const refused = new Promise<Refusal>((resolve) => {
    client.once('unexpected-response', (_, response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += String(chunk);
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'], body });
      });
    });
  });
  client.on('error', () => undefined);
  const opened = new Promise<void>((resolve) => client.once('open', () => resolve()));
  const next = async (count: number) => {
    await expect.poll(() => frames.flatMap((frame) => frame.streams).length, { timeout: 5000 }).toBe(count);
    return frames;
  };
  return { client, next, pinged, closed, refused, opened };
}

const target = (exchange: TailExchange): string => exchange.request.line.replace('GET ', '');
const named = (name: string): TailExchange => {
  const found = tailExchanges().find((exchange) => exchange.name === name);
  if (found === undefined) throw new Error(`${name} is not among the captures`);
  return found;
};

test('refusals and the close of a metric query are those of the captures', async () => {
  const refusals = tailExchanges().filter(({ response }) => response.status === 400);
  for (const exchange of refusals) {
    const refusal = await connect(target(exchange)).refused;
    expect([exchange.name, refusal.status, refusal.body]).toEqual([
      exchange.name,
      400,
      exchange.response.body,
    ]);
    expect(refusal.type).toBe(exchange.response.headers['content-type']);
  }
  const metric = named('tail-err-metric-query');
  const { code, reason } = await connect(target(metric)).closed;
  expect({ code, reason }).toEqual({ code: metric.frames[0]?.close, reason: metric.frames[0]?.reason });
  process.stdout.write(`Loki: replayed ${refusals.length + 1} captured tail refusals\n`);
  expect(refusals.length).toBe(3);
});

test('a tail gives the stored lines, then live ones without detected_level, one entry per stream item', async () => {
  const exchange = named('tail');
  const { client, next, pinged } = connect(target(exchange));
  const [first] = await next(2);
  expect(shapeDifferences(exchange.frames[0]?.json, first)).toEqual([]);
  expect(first?.streams.map(({ values }) => values[0]?.[1])).toEqual([
    '{"message":"before 1"}',
    '{"message":"before 2"}',
  ]);
  loki.push({ app: 'tailtest', level: 'error' }, [{ timeNs: stored + 10n, line: 'plain live 3' }]);
  loki.push({ app: 'other' }, [{ timeNs: stored + 10n, line: 'not for this tail' }]);
  const frames = await next(3);
  expect(frames.at(-1)).toEqual({
    streams: [
      {
        stream: { app: 'tailtest', level: 'error', service_name: 'tailtest' },
        values: [[String(stored + 10n), 'plain live 3']],
      },
    ],
  });
  await pinged;
  client.close();
});

test('a delayed tail runs the pipeline and keeps detected_level', async () => {
  const { client, next } = connect(
    target(named('tail-delay_for-2-json')).replace('delay_for=2', 'delay_for=1'),
  );
  await next(3);
  const line = '{"message":"delayed"}';
  loki.push({ app: 'tailtest', level: 'info' }, [{ timeNs: stored + 20n, line }]);
  const last = (await next(4)).at(-1)?.streams[0];
  expect(last?.values).toEqual([[String(stored + 20n), 'delayed']]);
  expect(last?.stream).toMatchObject({ detected_level: 'info', message: 'delayed' });
  client.close();
});

test('more tails than allowed are closed with 1011, and dropped ones end without a close frame', async () => {
  const server = await startLoki({ port: 0, limits: { maxTails: 2 } });
  const query = `/loki/api/v1/tail?query=${encodeURIComponent('{app="tailtest"}')}`;
  const open = [connect(query, server), connect(query, server)];
  await Promise.all(open.map((tail) => tail.opened));
  const third = await connect(query, server).closed;
  expect(third).toEqual({
    code: 1011,
    reason: 'max concurrent tail requests limit exceeded, count > limit (3 > 2)',
  });
  server.faults.add({ kind: 'drop-tails', count: 2 });
  const codes = (await Promise.all(open.map((tail) => tail.closed))).map(({ code }) => code);
  expect(codes).toEqual([1006, 1006]);
  expect(server.faults.list()).toEqual([]);
  await server.stop();
});
