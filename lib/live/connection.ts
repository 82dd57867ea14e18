import { LiveEvent } from './contract';
import type { LiveState } from './mesh';

/** The part of EventSource that is used; tests give their own. */
export type EventStream = {
  onopen: (() => void) | null;
  onmessage: ((message: { data: string }) => void) | null;
  onerror: (() => void) | null;
  readonly readyState: number;
  close: () => void;
};

export type ConnectionOptions = {
  open: (queries: readonly string[]) => EventStream;
  onEvent: (event: LiveEvent) => void;
  onState: (state: LiveState) => void;
  /** First pause after a refusal, in milliseconds; doubles up to a minute. */
  pauseMs?: number;
};

const CLOSED = 2;
const longestPauseMs = 60_000;
/** The server's heartbeat comes every 15 s but cannot be seen here; its source states can. */
const silentMs = 45_000;

/**
 * The leader's stream. A new set of queries opens a second stream and closes the first once that speaks, so
 * nothing is missed between. EventSource comes back by itself after a broken connection, but not after a
 * refusal: then this does, with growing pauses.
 */
export class LiveConnection {
  private current: EventStream | undefined;
  private next: EventStream | undefined;
  private queries: readonly string[] = [];
  private retry: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private pauseMs: number;
  private closed = false;
  private readonly options: Required<ConnectionOptions>;

  constructor(options: ConnectionOptions) {
    this.options = { pauseMs: 3000, ...options };
    this.pauseMs = this.options.pauseMs;
  }

  /** Follows these queries from now on. */
  follow(queries: readonly string[]): void {
    this.queries = queries;
    clearTimeout(this.retry);
    this.connect();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.retry);
    clearTimeout(this.silence);
    this.current?.close();
    this.next?.close();
  }

  private connect(): void {
    if (this.closed) return;
    this.next?.close();
    const stream = this.options.open(this.queries);
    this.next = stream;
    if (this.current === undefined) this.options.onState('connecting');
    stream.onmessage = ({ data }) => this.take(stream, data);
    stream.onerror = () => this.failed(stream);
  }

  private take(stream: EventStream, data: string): void {
    if (this.closed) return;
    if (stream === this.next) {
      this.current?.close();
      this.current = stream;
      this.next = undefined;
    }
    if (stream !== this.current) return;
    this.pauseMs = this.options.pauseMs;
    this.hear();
    const event = parseEvent(data);
    if (event === null) return;
    if (event.type === 'hello') this.options.onState('open');
    this.options.onEvent(event);
  }

  /** A connection that broke without an end, as after a sleep of the machine, is opened anew. */
  private hear(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      this.current?.close();
      this.current = undefined;
      this.options.onState('down');
      this.connect();
    }, silentMs);
  }

  private failed(stream: EventStream): void {
    if (this.closed || (stream !== this.current && stream !== this.next)) return;
    if (stream === this.current) this.options.onState('down');
    if (stream.readyState !== CLOSED) return;
    stream.close();
    if (stream === this.next) this.next = undefined;
    else this.current = undefined;
    if (this.current === undefined) this.options.onState('down');
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.connect(), this.pauseMs);
    this.pauseMs = Math.min(longestPauseMs, this.pauseMs * 2);
  }
}

function parseEvent(data: string): LiveEvent | null {
  try {
    return LiveEvent.safeParse(JSON.parse(data)).data ?? null;
  } catch {
    return null;
  }
}
