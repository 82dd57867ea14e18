import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from './context';
import { LokiError } from './error';
import { type ActiveFault, type FaultRule, Faults, faultAnswer } from './faults';
import { type Answer, bareCall, type Call, readCall, send, text } from './http';
import { defaultLimits, type Limits } from './limits';
import { readiness } from './ready';
import { buildInfoAnswer, isBuildInfo, route, tailPath } from './router';
import { loadSnapshot, saveSnapshot } from './snapshot';
import { LogStore, type NewEntry } from './store/log-store';
import { readTail, Tails } from './tail';
import { singleTenant, tenantOf } from './tenant';
import { upgradeRefusal } from './upgrade';

/** Options of one server. `port` 0 takes a free one; `dataFile` keeps logs over a restart. */
export type LokiOptions = {
  port: number;
  /** Age at which lines are dropped, in milliseconds; 7 days when absent. */
  retentionMs?: number;
  /** Bytes of log lines in memory; the oldest go first. 384 MiB when absent. */
  maxBytes?: number;
  dataFile?: string;
  now?: () => number;
  limits?: Partial<Limits>;
  /** Demand X-Scope-OrgID and keep tenants apart; otherwise the header is accepted and not read. */
  auth?: boolean;
  /** How long each ring member waits after the first `/ready`; 0 when absent, 15,000 upstream. */
  readyWaitMs?: number;
};

/**
 * A running server. `push` stores without the checks of the HTTP route; a label object passed again is recognised,
 * so it must not be changed in between.
 */
export type Loki = {
  url: string;
  push(labels: Record<string, string>, entries: readonly NewEntry[]): void;
  faults: {
    add(rule: FaultRule): string;
    remove(id: string): boolean;
    list(): ActiveFault[];
  };
  /** Writes the snapshot; without a data file it does nothing. */
  save(): Promise<void>;
  /** Ends tails and connections, saves, and closes the port. */
  stop(): Promise<void>;
};

const day = 86_400_000;

class LokiServer {
  readonly tails = new Tails();
  readonly faults = new Faults((limit) => this.tails.drop(limit));
  readonly store: LogStore;
  private readonly tenants = new Map<string, LogStore>();
  private readonly options: LokiOptions;
  private readonly limits: Limits;
  private readonly now: () => number;
  private readonly ready: () => Answer;

  constructor(options: LokiOptions) {
    this.options = options;
    this.limits = { ...defaultLimits, ...options.limits };
    this.now = options.now ?? Date.now;
    this.ready = readiness(options.readyWaitMs ?? 0, this.now);
    this.store = this.storeOf(singleTenant);
  }

  private storeOf(tenant: string): LogStore {
    const known = this.tenants.get(tenant);
    if (known !== undefined) return known;
    const { retentionMs = 7 * day, maxBytes = 384 * 1024 * 1024 } = this.options;
    const made = new LogStore({ retentionMs, maxBytes, now: this.now });
    if (this.tenants.size < 100) this.tenants.set(tenant, made);
    return made;
  }

  private context(call: Call): Context {
    const tenant = tenantOf(call, this.options.auth ?? false);
    return { store: this.storeOf(tenant), limits: this.limits, tenant, now: this.now };
  }

  private answer(call: Call): Answer {
    if (call.path === '/ready' && call.method === 'GET') return this.ready();
    if (isBuildInfo(call)) return buildInfoAnswer();
    return route(call, this.context(call));
  }

  /** Answers one request; a fault may delay it, answer instead, or cut the connection around it. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = targetOf(request);
    const slow = this.faults.take('delay', target);
    if (slow !== null) await delay(slow.ms);
    const cut = this.faults.take('cut', target);
    if (cut?.when === 'before') {
      request.socket.destroy();
      return;
    }
    const instead = this.faults.take('status', target) ?? this.faults.take('rate-limit', target);
    let answer: Answer;
    if (instead === null) answer = await this.answerSafely(request);
    else {
      const { status, body } = faultAnswer(instead);
      answer = text(status, body);
    }
    if (cut === null) send(response, answer);
    else request.socket.destroy();
  }

  private async answerSafely(request: IncomingMessage): Promise<Answer> {
    try {
      return this.answer(await readCall(request, this.limits.maxBodyBytes));
    } catch (error) {
      if (error instanceof LokiError) return text(error.status, error.message);
      return text(500, 'internal server error\n');
    }
  }

  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const target = targetOf(request);
    const slow = this.faults.take('delay', target);
    if (slow !== null) await delay(slow.ms);
    if (this.faults.take('cut', target) !== null) {
      socket.destroy();
      return;
    }
    const instead = this.faults.take('status', target) ?? this.faults.take('rate-limit', target);
    try {
      if (instead !== null) {
        const { status, body } = faultAnswer(instead);
        throw new LokiError(status, body);
      }
      const call = bareCall(request);
      if (call.path !== tailPath) throw new LokiError(404, '404 page not found\n');
      const context = this.context(call);
      this.tails.accept(request, socket, head, readTail(call, context), context);
      if (this.faults.take('drop-tails', target) !== null) this.tails.drop(null);
    } catch (error) {
      socket.end(upgradeRefusal(error));
    }
  }
}

const targetOf = (request: IncomingMessage) => ({
  method: request.method ?? 'GET',
  path: request.url ?? '/',
  client: `${request.headers['user-agent'] ?? ''} ${request.headers['x-scope-orgid'] ?? ''}`,
});

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address: AddressInfo | string | null = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

/** Starts a Loki on loopback. Rejects when the port is taken. */
export async function startLoki(options: LokiOptions): Promise<Loki> {
  const loki = new LokiServer(options);
  const { dataFile } = options;
  if (dataFile !== undefined) await loadSnapshot(loki.store, dataFile);
  const server = createServer((request, response) => {
    loki.handle(request, response).catch(() => request.socket.destroy());
  });
  server.on('upgrade', (request, socket, head) => {
    loki.upgrade(request, socket, head).catch(() => socket.destroy());
  });
  const port = await listen(server, options.port);
  const save = async () => {
    if (dataFile !== undefined) await saveSnapshot(loki.store, dataFile);
  };
  return {
    url: `http://127.0.0.1:${port}`,
    push: (labels, entries) => loki.store.push(labels, entries),
    faults: {
      add: (rule) => loki.faults.add(rule),
      remove: (id) => loki.faults.remove(id),
      list: () => loki.faults.list(),
    },
    save,
    stop: async () => {
      loki.tails.drop(null);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await save();
    },
  };
}
