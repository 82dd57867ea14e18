import 'server-only';
import { Client } from 'pg';
import { requiredEnv } from '@/lib/core/env';
import { messageOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { now, sleep } from '@/lib/core/time';

/** The channel that the database's triggers tell on; payloads are `topic:key`. */
const channel = 'signalbox';

export type Told = { topic: string; key: string };
export type ListenerOptions = {
  onTold: (told: Told) => void;
  /** After a connection was lost and made again: what was told in between is unknown. */
  onGap: () => void;
  connectionString?: string;
  pauseMs?: number;
};

/** `topic:key`; the key may hold colons. */
export function parseTold(payload: string): Told | null {
  const colon = payload.indexOf(':');
  return colon < 1 ? null : { topic: payload.slice(0, colon), key: payload.slice(colon + 1) };
}

/**
 * One connection of its own that listens, with keep-alive questions, made again when it breaks. LISTEN needs a
 * session, so it does not go through the pool.
 */
export class DatabaseListener {
  state: 'connecting' | 'listening' | 'failing' = 'connecting';
  /** When the database was last known to answer. */
  heardAt: Date | null = null;
  problem: string | null = null;
  private readonly stop = new AbortController();
  private readonly options: ListenerOptions;
  private ran: Promise<void> | undefined;

  constructor(options: ListenerOptions) {
    this.options = options;
  }

  start(): void {
    this.ran = this.run();
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.ran;
  }

  private async run(): Promise<void> {
    let connections = 0;
    let pause = this.options.pauseMs ?? 500;
    while (!this.stop.signal.aborted) {
      const client = new Client({
        connectionString: this.options.connectionString ?? requiredEnv('DATABASE_URL'),
        application_name: 'signalbox-live',
        connectionTimeoutMillis: 3000,
        keepAlive: true,
      });
      try {
        await this.listen(client, () => {
          pause = this.options.pauseMs ?? 500;
          if (connections++ > 0) this.options.onGap();
        });
      } catch (error) {
        if (this.stop.signal.aborted) break;
        if (this.state !== 'failing') {
          logger('web').warn({ error: messageOf(error) }, 'the database stopped telling changes');
        }
        this.state = 'failing';
        this.problem = messageOf(error);
      } finally {
        await client.end().catch(() => {});
      }
      await sleep(pause * (0.5 + Math.random() / 2), this.stop.signal);
      pause = Math.min(10_000, pause * 2);
    }
  }

  /** Ends by throwing: when the connection breaks, a question stays unanswered, or `close` was called. */
  private async listen(client: Client, onListening: () => void): Promise<void> {
    const broken = new Promise<never>((_resolve, reject) => {
      client.on('error', reject);
      client.on('end', () => reject(new Error('The database closed the connection.')));
    });
    broken.catch(() => {});
    client.on('notification', ({ payload }) => {
      this.heardAt = now();
      const told = parseTold(payload ?? '');
      if (told !== null) this.options.onTold(told);
    });
    await client.connect();
    await client.query(`LISTEN ${channel}`);
    this.state = 'listening';
    this.heardAt = now();
    this.problem = null;
    onListening();
    while (!this.stop.signal.aborted) {
      await Promise.race([sleep(5000, this.stop.signal), broken]);
      if (this.stop.signal.aborted) return;
      const silent = sleep(5000, this.stop.signal).then(() => {
        throw new Error('The database did not answer within 5 s.');
      });
      silent.catch(() => {});
      await Promise.race([client.query('SELECT 1'), broken, silent]);
      this.heardAt = now();
    }
  }
}
