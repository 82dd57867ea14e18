import 'server-only';
import type { HttpSource } from '@/lib/config/sources';
import type { LogLine } from '@/lib/logs/contract';
import { toLogLine } from '@/lib/logs/line';
import { compareNs } from '@/lib/sources/loki/client';
import { openTail } from '@/lib/sources/loki/tail';
import type { SourceError } from '@/lib/sources/source-error';

export type TailListener = {
  onLines: (lines: LogLine[], dropped: number) => void;
  onEnd: (message: string) => void;
};

/** Lines kept for whoever joins a tail that runs already. */
const keptLines = 100;
const defaultPauseMs = 2000;
const longestPauseMs = 30_000;

/**
 * One tail of a query for the whole process: Loki allows ten per tenant, so equal queries of all browsers share
 * one. It is opened anew when Loki ends it (after an hour by its rules) or comes back; a wrong query ends it.
 */
class SharedTail {
  private readonly listeners = new Set<TailListener>();
  private readonly recent: LogLine[] = [];
  private readonly sockets = new Set<{ close: () => void }>();
  private readonly timers = new Set<NodeJS.Timeout>();
  /** What is wrong now, by source: for whoever joins meanwhile. */
  private readonly problems = new Map<string, string>();
  private readonly query: string;
  private readonly firstPauseMs: number;

  constructor(sources: readonly HttpSource[], query: string, firstPauseMs: number) {
    this.query = query;
    this.firstPauseMs = firstPauseMs;
    for (const source of sources) this.open(source, firstPauseMs, undefined);
  }

  get idle(): boolean {
    return this.listeners.size === 0;
  }

  add(listener: TailListener): void {
    this.listeners.add(listener);
    if (this.recent.length > 0) listener.onLines([...this.recent], 0);
    for (const message of this.problems.values()) listener.onEnd(message);
  }

  remove(listener: TailListener): void {
    this.listeners.delete(listener);
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    for (const socket of this.sockets) socket.close();
  }

  /** `last` is the time of the newest line that was heard of this source: a new connection goes on after it. */
  private open(source: HttpSource, pauseMs: number, last: string | undefined): void {
    let newest = last;
    let heard = false;
    const socket = openTail(source, {
      query: this.query,
      backlog: keptLines,
      start: last === undefined ? undefined : String(BigInt(last) + 1n),
      onOpen: () => this.problems.delete(source.id),
      onLines: (raw, dropped) => {
        heard = true;
        for (const { ns } of raw) if (newest === undefined || compareNs(ns, newest) > 0) newest = ns;
        const lines = raw.map(toLogLine);
        this.recent.push(...lines);
        this.recent.splice(0, Math.max(0, this.recent.length - keptLines));
        for (const listener of this.listeners) listener.onLines(lines, dropped);
      },
      onEnd: (error) => {
        this.sockets.delete(socket);
        if (error !== null) this.ended(source, error, heard ? this.firstPauseMs : pauseMs, newest);
      },
    });
    this.sockets.add(socket);
  }

  private ended(source: HttpSource, error: SourceError, pauseMs: number, newest: string | undefined): void {
    const wrong = error.isBadQuestion;
    const message = wrong
      ? `Loki cannot follow this query: ${error.answer ?? error.message}`
      : `${error.message} It is tried again.`;
    this.problems.set(source.id, message);
    for (const listener of this.listeners) listener.onEnd(message);
    if (wrong) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.open(source, Math.min(longestPauseMs, pauseMs * 2), newest);
    }, pauseMs);
    this.timers.add(timer);
  }
}

/** All tails of this process by query. */
export class Tails {
  private readonly byQuery = new Map<string, SharedTail>();
  private readonly sources: readonly HttpSource[];
  private readonly firstPauseMs: number;

  /** `firstPauseMs`: before a tail that ended is opened anew; doubles up to 30 s. */
  constructor(sources: readonly HttpSource[], firstPauseMs = defaultPauseMs) {
    this.sources = sources;
    this.firstPauseMs = firstPauseMs;
  }

  get size(): number {
    return this.byQuery.size;
  }

  /** Joins the tail of a query; the answer leaves it, and the last to leave ends it. */
  join(query: string, listener: TailListener): () => void {
    if (this.sources.length === 0) {
      queueMicrotask(() => listener.onEnd('No Loki is configured.'));
      return () => {};
    }
    const tail = this.byQuery.get(query) ?? new SharedTail(this.sources, query, this.firstPauseMs);
    this.byQuery.set(query, tail);
    tail.add(listener);
    return () => {
      tail.remove(listener);
      if (!tail.idle || this.byQuery.get(query) !== tail) return;
      this.byQuery.delete(query);
      tail.close();
    };
  }

  close(): void {
    for (const tail of this.byQuery.values()) tail.close();
    this.byQuery.clear();
  }
}
