import { setTimeout as sleep } from 'node:timers/promises';
import { LiveEvent } from '@/lib/live/contract';
import type { Client } from '../clients/client';

/** The messages of a server-sent event stream whose text arrives in any pieces; comments are left out. */
export class SseParser {
  #rest = '';

  take(chunk: string): string[] {
    const parts = `${this.#rest}${chunk}`.replaceAll('\r\n', '\n').split('\n\n');
    this.#rest = parts.pop() ?? '';
    return parts.flatMap((part) => {
      const lines = part.split('\n').filter((line) => line.startsWith('data:'));
      return lines.length === 0 ? [] : [lines.map((line) => line.slice(5).trimStart()).join('\n')];
    });
  }
}

export type Heard = { event: LiveEvent; at: number };

/** A client's event stream; `next` waits for an event that fits and came after `since` (performance.now()). */
export class EventStream {
  readonly #heard: Heard[] = [];
  readonly #stop = new AbortController();
  #ended: string | undefined;

  constructor(client: Client) {
    this.#read(client).catch((error: unknown) => {
      this.#ended = String(error);
    });
  }

  async next(fits: (event: LiveEvent) => boolean, since: number, timeoutMs: number): Promise<Heard> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const found = this.#heard.find(({ event, at }) => at >= since && fits(event));
      if (found) return found;
      if (this.#ended) throw new Error(`The event stream ended: ${this.#ended}`);
      if (performance.now() > deadline) throw new Error(`No such event came within ${timeoutMs} ms.`);
      await sleep(2);
    }
  }

  close(): void {
    this.#stop.abort();
  }

  async #read(client: Client): Promise<void> {
    const response = await fetch(`${client.base}/api/v1/live`, {
      headers: { cookie: client.cookie, accept: 'text/event-stream' },
      signal: this.#stop.signal,
    });
    if (response.status !== 200 || !response.body) throw new Error(`status ${response.status}`);
    const parser = new SseParser();
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const at = performance.now();
      for (const data of parser.take(chunk)) {
        const event = LiveEvent.safeParse(JSON.parse(data)).data;
        if (event) this.#heard.push({ event, at });
      }
      if (this.#heard.length > 2000) this.#heard.splice(0, 1000);
    }
    throw new Error('the server closed it');
  }
}
