import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Context } from './context';
import { LokiError } from './error';
import { selectLines } from './eval/log-query';
import { compile } from './eval/pipeline';
import type { Row } from './eval/row';
import type { Call } from './http';
import { type Labels, sortedLabels } from './labels';
import type { LogQuery, Query } from './logql/ast';
import { isMetric, parseQuery } from './logql/parse';
import { entryLimit, timeNs } from './params';
import { matches } from './store/log-store';
import type { LogStream } from './store/stream';

/** Entries waiting for a slow client before they are dropped and reported. */
const maxBuffered = 2000;
const maxSocketBytes = 4 * 1024 * 1024;
const maxReported = 1000;
const flushMs = 20;

type Waiting = { timeNs: bigint; line: string; labels: Labels; readyAt: number };

/** What a tail request asks for. */
export type TailRequest = { query: Query; startNs: bigint; limit: number; delayMs: number };

/** Reads a tail request; what it throws is answered as HTTP 400 before the upgrade. */
export function readTail(call: Call, context: Context): TailRequest {
  const query = parseQuery(call.params.get('query') ?? '');
  const delay = call.params.get('delay_for') ?? '0';
  if (!/^\d+$/.test(delay)) {
    throw new LokiError(400, `strconv.Atoi: parsing ${JSON.stringify(delay)}: invalid syntax`);
  }
  if (Number(delay) > 5) throw new LokiError(400, "delay_for can't be greater than 5");
  const start = call.params.get('start');
  const hourAgo = BigInt(Math.round(context.now() - 3_600_000)) * 1_000_000n;
  return {
    query,
    startNs: start ? timeNs('start', start) : hourAgo,
    limit: entryLimit(call.params, context.limits),
    delayMs: Number(delay) * 1000,
  };
}

/** The open tail sockets of one server. */
export class Tails {
  private readonly server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  private readonly open = new Set<WebSocket>();

  get size(): number {
    return this.open.size;
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer, tail: TailRequest, context: Context): void {
    this.server.handleUpgrade(request, socket, head, (client) => this.run(client, tail, context));
  }

  /** Cuts open sockets without a close frame, as a crashed server does; says how many. */
  drop(limit: number | null): number {
    const victims = [...this.open].slice(0, limit ?? this.open.size);
    for (const client of victims) client.terminate();
    return victims.length;
  }

  private run(client: WebSocket, tail: TailRequest, context: Context): void {
    client.on('error', () => client.terminate());
    const { query } = tail;
    if (isMetric(query)) {
      client.close(1011, 'only log selector is supported');
      return;
    }
    const { maxTails } = context.limits;
    if (this.open.size >= maxTails) {
      const shown = `(${this.open.size + 1} > ${maxTails})`;
      client.close(1011, `max concurrent tail requests limit exceeded, count > limit ${shown}`);
      return;
    }
    this.open.add(client);
    const stop = new Tail(client, query, tail, context).start();
    client.on('close', () => {
      this.open.delete(client);
      stop();
    });
  }
}

class Tail {
  private readonly client: WebSocket;
  private readonly query: LogQuery;
  private readonly request: TailRequest;
  private readonly context: Context;
  private readonly wanted = new WeakMap<LogStream, boolean>();
  private waiting: Waiting[] = [];
  private dropped: { labels: Labels; timestamp: string }[] = [];
  private timer: NodeJS.Timeout | null = null;

  constructor(client: WebSocket, query: LogQuery, request: TailRequest, context: Context) {
    this.client = client;
    this.query = query;
    this.request = request;
    this.context = context;
  }

  /** Sends the stored lines, then follows the store; gives the function that ends it. */
  start(): () => void {
    this.sendStored();
    const pipeline = compile(this.query.stages);
    const unsubscribe = this.context.store.subscribe((stream, entry) => {
      if (!this.wants(stream)) return;
      const row = pipeline.run(entry.line, stream.labels, this.visible(entry.metadata));
      if (row !== null) this.enqueue(entry.timeNs, row);
    });
    const ping = setInterval(() => this.client.ping(), 1000);
    const end = setTimeout(
      () => this.client.close(1011, 'reached tail max duration limit'),
      this.context.limits.tailMaxMs,
    );
    return () => {
      unsubscribe();
      clearInterval(ping);
      clearTimeout(end);
      if (this.timer !== null) clearTimeout(this.timer);
    };
  }

  /** The newest stored lines, in order of time; they carry detected_level. */
  private sendStored(): void {
    const range = {
      startNs: this.request.startNs,
      endNs: 2n ** 62n,
      backward: true,
      limit: this.request.limit,
    };
    const lines = selectLines(this.context.store, this.query, range).reverse();
    if (lines.length === 0) return;
    this.send(lines.map(({ timeNs, row }) => ({ timeNs, line: row.line, labels: row.labels(), readyAt: 0 })));
  }

  /** Upstream's live lines come from the ingester, before a level is detected; delayed ones from the store. */
  private visible(metadata: Labels): Labels {
    if (this.request.delayMs > 0) return metadata;
    const { detected_level: _, ...rest } = metadata;
    return rest;
  }

  private wants(stream: LogStream): boolean {
    const known = this.wanted.get(stream);
    if (known !== undefined) return known;
    const fits = matches(stream.labels, this.query.matchers);
    this.wanted.set(stream, fits);
    return fits;
  }

  private enqueue(timeNs: bigint, row: Row): void {
    const labels = row.labels();
    if (this.waiting.length >= maxBuffered || this.client.bufferedAmount > maxSocketBytes) {
      if (this.dropped.length < maxReported) this.dropped.push({ labels, timestamp: String(timeNs) });
      return;
    }
    const readyAt = performance.now() + this.request.delayMs;
    this.waiting.push({ timeNs, line: row.line, labels, readyAt });
    this.timer ??= setTimeout(() => this.flush(), this.request.delayMs + flushMs);
  }

  private flush(): void {
    this.timer = null;
    const at = performance.now() + flushMs;
    const ready = this.waiting.filter(({ readyAt }) => readyAt <= at);
    this.waiting = this.waiting.filter(({ readyAt }) => readyAt > at);
    const next = this.waiting[0];
    if (next !== undefined) {
      this.timer = setTimeout(() => this.flush(), Math.max(flushMs, next.readyAt - at));
    }
    if (ready.length > 0) this.send(ready);
  }

  private send(entries: readonly Waiting[]): void {
    if (this.client.readyState !== this.client.OPEN) return;
    const streams = entries.map(({ timeNs, line, labels }) => ({
      stream: sortedLabels(labels),
      values: [[String(timeNs), line]],
    }));
    const dropped = this.dropped.length === 0 ? {} : { dropped_entries: this.dropped };
    this.dropped = [];
    this.client.send(JSON.stringify({ streams, ...dropped }));
  }
}
