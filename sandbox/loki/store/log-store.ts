import { type Labels, labelText, withServiceName } from '../labels';
import type { Matcher } from '../logql/ast';
import { type Entry, LogStream } from './stream';

/** A line on its way in. */
export type NewEntry = { timeNs: bigint; line: string; metadata?: Labels };
export type Listener = (stream: LogStream, entry: Entry) => void;

/** Whether a label set satisfies every matcher; an absent label counts as the empty string. */
export const matches = (labels: Labels, matchers: readonly Matcher[]): boolean =>
  matchers.every((matcher) =>
    matcher.test((Object.hasOwn(labels, matcher.name) ? labels[matcher.name] : undefined) ?? ''),
  );

/** All logs of one tenant, in memory, bounded by age and by bytes. */
export class LogStore {
  private readonly streams = new Map<string, LogStream>();
  private readonly known = new WeakMap<Labels, LogStream>();
  private readonly listeners = new Set<Listener>();
  private readonly retentionMs: number;
  private readonly maxBytes: number;
  private readonly now: () => number;
  private bytes = 0;
  private sinceTrim = 0;

  constructor(options: { retentionMs: number; maxBytes: number; now: () => number }) {
    this.retentionMs = options.retentionMs;
    this.maxBytes = options.maxBytes;
    this.now = options.now;
  }

  /** Appends to the stream of these labels (`service_name` is added) and tells the listeners. */
  push(labels: Labels, entries: readonly NewEntry[]): void {
    const stream = this.stream(labels);
    for (const { timeNs, line, metadata } of entries) {
      const before = stream.bytes;
      const entry = stream.append(timeNs, line, metadata);
      this.bytes += stream.bytes - before;
      if (entry !== null) for (const listener of this.listeners) listener(stream, entry);
    }
    this.sinceTrim += entries.length;
    if (this.sinceTrim >= 1000 || this.bytes > this.maxBytes) this.trim();
  }

  /** The stream of a label set as pushed, made when it is new; a caller that re-uses its object is found faster. */
  stream(labels: Labels): LogStream {
    const cached = this.known.get(labels);
    if (cached !== undefined && this.streams.get(cached.text) === cached) return cached;
    const full = withServiceName(labels);
    const text = labelText(full);
    let stream = this.streams.get(text);
    if (stream === undefined) {
      stream = new LogStream({ ...full });
      this.streams.set(text, stream);
    }
    this.known.set(labels, stream);
    return stream;
  }

  /** Streams that match, in the order of their label text. */
  select(matchers: readonly Matcher[]): LogStream[] {
    return [...this.streams.values()]
      .filter((stream) => matches(stream.labels, matchers))
      .sort((a, b) => (a.text < b.text ? -1 : 1));
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Drops whole chunks: those past the retention, then the oldest of all until the bytes fit. */
  trim(): void {
    this.sinceTrim = 0;
    const oldest = BigInt(Math.floor(this.now() - this.retentionMs)) * 1_000_000n;
    for (const [text, stream] of this.streams) {
      while ((stream.chunks[0]?.times.at(-1) ?? oldest) < oldest) this.bytes -= stream.dropOldest();
      if (stream.entries === 0) this.streams.delete(text);
    }
    while (this.bytes > this.maxBytes) {
      const victim = this.oldestStream();
      if (victim === null) return;
      this.bytes -= victim.dropOldest();
      if (victim.entries === 0) this.streams.delete(victim.text);
    }
  }

  private oldestStream(): LogStream | null {
    let found: LogStream | null = null;
    for (const stream of this.streams.values()) {
      if (stream.firstNs === null) continue;
      if (found === null || found.firstNs === null || stream.firstNs < found.firstNs) found = stream;
    }
    return found;
  }
}
