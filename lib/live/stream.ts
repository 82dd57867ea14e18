import 'server-only';
import type { Person } from '@/lib/access/model';
import type { LiveEvent } from './contract';

const heartbeatMs = 15_000;
/** A browser that is so far behind does not read: it is dropped and will come back. */
const maxQueuedBytes = 1024 * 1024;

/** One open event stream of one browser. */
export class LiveStream {
  readonly person: Person;
  readonly body: ReadableStream<Uint8Array>;
  private controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  private readonly heartbeat: NodeJS.Timeout;
  private readonly lifetime: NodeJS.Timeout;
  private readonly endings: (() => void)[] = [];
  private readonly encoder = new TextEncoder();
  private ended = false;

  constructor(person: Person, lifetimeMs: number) {
    this.person = person;
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.controller = controller;
        },
        cancel: () => this.close(),
      },
      { highWaterMark: maxQueuedBytes, size: (chunk) => chunk.byteLength },
    );
    // How long a browser waits before it comes back; 2 kB fill the buffers of proxies that hold small answers.
    this.write(`retry: 1000\n:${' '.repeat(2048)}\n\n`);
    this.heartbeat = setInterval(() => this.write(':\n\n'), heartbeatMs);
    this.lifetime = setTimeout(() => this.close(), lifetimeMs);
  }

  get isOpen(): boolean {
    return !this.ended;
  }

  send(event: LiveEvent): void {
    this.write(`data: ${JSON.stringify(event)}\n\n`);
  }

  /** Told once, when the stream ends for whatever reason. */
  onEnd(listener: () => void): void {
    if (this.ended) listener();
    else this.endings.push(listener);
  }

  close(): void {
    if (this.ended) return;
    this.ended = true;
    clearInterval(this.heartbeat);
    clearTimeout(this.lifetime);
    try {
      this.controller?.close();
    } catch {
      // The browser left at the same moment: the stream is closed already.
    }
    for (const listener of this.endings) listener();
  }

  private write(text: string): void {
    if (this.ended || this.controller === undefined) return;
    if ((this.controller.desiredSize ?? 0) <= 0) {
      this.close();
      return;
    }
    try {
      this.controller.enqueue(this.encoder.encode(text));
    } catch {
      this.close();
    }
  }
}
