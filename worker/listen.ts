import { Client } from 'pg';
import { messageOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { sleep } from '@/lib/core/time';

const RECONNECT_MS = 2000;

/**
 * Listens on the channel `signalbox` until the signal aborts, and connects again when the connection is lost.
 * Notifications are hints: whoever hears one reads the row again, and polls where none came.
 */
export async function listen(
  connectionString: string,
  heard: (topic: string, key: string) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const client = new Client({ connectionString, connectionTimeoutMillis: 3000, keepAlive: true });
    try {
      const lost = new Promise<void>((resolve) => {
        client.on('error', () => resolve());
        client.on('end', () => resolve());
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      client.on('notification', ({ payload = '' }) => {
        const colon = payload.indexOf(':');
        heard(colon === -1 ? payload : payload.slice(0, colon), colon === -1 ? '' : payload.slice(colon + 1));
      });
      await client.connect();
      await client.query('LISTEN signalbox');
      // What was told while nobody listened is looked for once.
      heard('connected', '');
      await lost;
    } catch (error) {
      logger('worker').warn({ err: messageOf(error) }, 'the notification channel is lost');
    } finally {
      await client.end().catch(() => undefined);
    }
    await sleep(RECONNECT_MS, signal);
  }
}
