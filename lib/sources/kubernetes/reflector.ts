import 'server-only';
import type { z } from 'zod';
import { monotonicMs, now, sleep } from '@/lib/core/time';
import { SourceError, toSourceError } from '../source-error';
import type { ClusterClient } from './client';
import { ItemSplitter } from './json-items';
import { ListEnvelope, WatchLine } from './watch-schema';

/** Anything a cluster stores, after projection. */
export type Projected = { uid: string; name: string; namespace: string };

export type ReflectorOptions<T extends Projected> = {
  client: ClusterClient;
  /** e.g. /api/v1/namespaces/architect-production/pods */
  path: string;
  schema: z.ZodType<T>;
  /** Called after every difference, and when the state of the watch changes. */
  onChange: () => void;
  /** Server-side end of one watch, in seconds; a watch silent for longer than this plus 15 s is given up. */
  watchSeconds?: number;
  /** First pause after a failure, in milliseconds; doubles to 30 s, with jitter. */
  backoffMs?: number;
};

/** `synced` while the watch is alive; `failing` with the reason of the last attempt. */
export type ReflectorState =
  | { kind: 'starting' }
  | { kind: 'synced'; confirmedAt: Date }
  | { kind: 'failing'; error: SourceError; confirmedAt: Date | null };

class Expired extends Error {}

/** Objects of a cluster are a few MB at most: a line that is longer never ends. */
const maxLineBytes = 10 * 1024 * 1024;

/**
 * Keeps the objects of one path by list and watch: paged list, watch from its resourceVersion with bookmarks,
 * reconnect from the last version after a clean end, list again on 410. Objects are projected one by one and
 * their bodies dropped. A refusal (401, 403) is reported as such and tried again with the longest pause.
 */
export class Reflector<T extends Projected> {
  readonly items = new Map<string, T>();
  state: ReflectorState = { kind: 'starting' };
  /** Objects that did not fit the schema: they are left out and counted. */
  skipped = 0;
  private version = '';
  private failures = 0;
  private readonly stop = new AbortController();
  private wake = new AbortController();
  private watching: AbortController | undefined;
  private readonly options: Required<ReflectorOptions<T>>;

  constructor(options: ReflectorOptions<T>) {
    this.options = { watchSeconds: 120, backoffMs: 500, ...options };
  }

  start(): void {
    void this.run();
  }

  close(): void {
    this.stop.abort();
    this.watching?.abort();
  }

  /** Cuts a pause short and renews the watch: for when the cluster is known to answer again. */
  nudge(): void {
    if (this.state.kind === 'failing') this.wake.abort();
    else this.watching?.abort(new SourceError('unreachable', 'The watch was renewed.'));
  }

  private async run(): Promise<void> {
    while (!this.stop.signal.aborted) {
      try {
        if (this.version === '') await this.list();
        await this.watch();
        this.failures = 0;
      } catch (error) {
        if (this.stop.signal.aborted) return;
        if (error instanceof Expired) {
          this.version = '';
          // A server that expires every version at once must not be asked in a tight loop.
          if (++this.failures > 1) await this.pause();
          continue;
        }
        this.fail(toSourceError(error, `Cluster ${this.options.client.id}`));
        await this.pause();
      }
    }
  }

  private fail(error: SourceError): void {
    const confirmedAt = this.state.kind === 'starting' ? null : this.state.confirmedAt;
    this.state = { kind: 'failing', error, confirmedAt };
    this.failures++;
    this.options.onChange();
  }

  private async pause(): Promise<void> {
    const refused = this.state.kind === 'failing' && this.state.error.reason === 'unauthorised';
    const exponential = this.options.backoffMs * 2 ** Math.min(this.failures - 1, 6);
    const longest = refused ? 10_000 : 30_000;
    const ms = Math.min(longest, exponential) * (0.5 + Math.random() / 2);
    this.wake = new AbortController();
    await sleep(ms, AbortSignal.any([this.stop.signal, this.wake.signal]));
  }

  private confirm(): void {
    const was = this.state.kind;
    this.state = { kind: 'synced', confirmedAt: now() };
    if (was !== 'synced') this.options.onChange();
  }

  private project(object: unknown): T | null {
    const parsed = this.options.schema.safeParse(object);
    if (parsed.success) return parsed.data;
    this.skipped++;
    return null;
  }

  private async list(): Promise<void> {
    const found = new Map<string, T>();
    let next = '';
    do {
      const envelope = await this.page(next, found);
      next = envelope.metadata.continue ?? '';
      if (next === '') this.version = envelope.metadata.resourceVersion;
    } while (next !== '');
    this.items.clear();
    for (const [uid, item] of found) this.items.set(uid, item);
    this.confirm();
    this.options.onChange();
  }

  private async page(next: string, found: Map<string, T>): Promise<z.infer<typeof ListEnvelope>> {
    const { client, path } = this.options;
    const timeout = AbortSignal.timeout(client.timeoutSeconds * 1000 * 2);
    const signal = AbortSignal.any([this.stop.signal, timeout]);
    const splitter = new ItemSplitter((json) => {
      const item = this.project(JSON.parse(json));
      if (item !== null) found.set(item.uid, item);
    });
    try {
      const query = { limit: '500', ...(next === '' ? {} : { continue: next }) };
      for await (const chunk of await client.open(path, query, signal)) splitter.push(chunk);
      return ListEnvelope.parse(JSON.parse(splitter.rest()));
    } catch (error) {
      if (error instanceof SourceError && error.status === 410) throw new Expired();
      if (timeout.aborted) {
        throw new SourceError(
          'timeout',
          `Cluster ${client.id} did not finish a list within ${client.timeoutSeconds * 2} s.`,
          { cause: error },
        );
      }
      if (error instanceof SyntaxError || (error instanceof Error && error.name === 'ZodError')) {
        throw new SourceError('bad-response', `Cluster ${client.id} answered a list that cannot be read.`, {
          cause: error,
        });
      }
      throw error;
    }
  }

  /** Returns after a clean end; the next watch goes on from the version that was seen last. */
  private async watch(): Promise<void> {
    const { client, path, watchSeconds } = this.options;
    const watching = new AbortController();
    this.watching = watching;
    const signal = AbortSignal.any([this.stop.signal, watching.signal]);
    const query = {
      watch: '1',
      allowWatchBookmarks: 'true',
      resourceVersion: this.version,
      // Spread out, so that the watches of a cluster are not renewed all at once.
      timeoutSeconds: String(Math.ceil(watchSeconds * (0.75 + Math.random() / 4))),
    };
    let heard = monotonicMs();
    const dog = setInterval(() => {
      if (monotonicMs() - heard > (watchSeconds + 15) * 1000) {
        watching.abort(new SourceError('timeout', `The watch of cluster ${client.id} fell silent.`));
      }
    }, 5000);
    const started = monotonicMs();
    try {
      const lines = new LineReader(client.id, (line) => this.take(line));
      const body = await client.open(path, query, signal);
      this.confirm();
      for await (const chunk of body) {
        heard = monotonicMs();
        lines.push(chunk);
      }
    } catch (error) {
      if (error instanceof SourceError && error.status === 410) throw new Expired();
      throw watching.signal.aborted ? watching.signal.reason : error;
    } finally {
      clearInterval(dog);
    }
    // A server that ends every watch at once is asked again with a pause, not in a tight loop.
    if (monotonicMs() - started < 1000) await sleep(250 + Math.random() * 500, this.stop.signal);
  }

  private take(line: string): void {
    let parsed: ReturnType<typeof WatchLine.safeParse>;
    try {
      parsed = WatchLine.safeParse(JSON.parse(line));
    } catch (cause) {
      throw new SourceError(
        'bad-response',
        `Cluster ${this.options.client.id} sent a watch that cannot be read.`,
        {
          cause,
        },
      );
    }
    // An event of a type from a later version of Kubernetes.
    if (!parsed.success) return;
    const { type, object } = parsed.data;
    if (type === 'ERROR') {
      if (object.code === 410 || object.reason === 'Expired' || object.reason === 'Gone') throw new Expired();
      throw new SourceError(
        'bad-response',
        `The watch ended: ${object.message ?? object.reason ?? 'unknown'}.`,
      );
    }
    this.version = object.metadata.resourceVersion;
    this.failures = 0;
    this.state = { kind: 'synced', confirmedAt: now() };
    if (type === 'BOOKMARK') return;
    const item = type === 'DELETED' ? null : this.project(object);
    if (item !== null) this.items.set(item.uid, item);
    // What was deleted, or cannot be read any more, must not stay as it was.
    else if (!this.items.delete(object.metadata.uid ?? '')) return;
    this.options.onChange();
  }
}

/** Splits a stream of bytes at line ends; UTF-8 characters may be cut by a chunk, so it splits bytes. */
class LineReader {
  private rest: Buffer[] = [];
  private restBytes = 0;
  private readonly cluster: string;
  private readonly onLine: (line: string) => void;

  constructor(cluster: string, onLine: (line: string) => void) {
    this.cluster = cluster;
    this.onLine = onLine;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, start)) {
      const line = Buffer.concat([...this.rest, chunk.subarray(start, at)]);
      this.rest = [];
      this.restBytes = 0;
      start = at + 1;
      if (line.length > 0) this.onLine(line.toString('utf8'));
    }
    if (start === chunk.length) return;
    this.rest.push(Buffer.from(chunk.subarray(start)));
    this.restBytes += chunk.length - start;
    if (this.restBytes > maxLineBytes) {
      throw new SourceError('bad-response', `Cluster ${this.cluster} sent a watch whose lines do not end.`);
    }
  }
}
