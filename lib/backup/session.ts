import 'server-only';
import { Client } from 'pg';
import { driverConfig, type Target } from './connection';

type Session = {
  appName: string;
  /** Longest answer to one question; the server's own limits do not help against a server that is gone. */
  answerSeconds: number;
  /** Ends the work, whatever the server does. */
  signal?: AbortSignal;
};

/**
 * Runs questions on one connection and leaves it, also where a server is silent: nothing is waited for without limit.
 * Throws what the driver throws, and the reason of the signal.
 */
export async function withSession<T>(
  target: Target,
  { appName, answerSeconds, signal }: Session,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const client = new Client({
    ...driverConfig(target, appName),
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
    query_timeout: Math.min(answerSeconds * 1000, 2 ** 31 - 1),
  });
  // A connection that breaks is told by the question that waits for it.
  client.on('error', () => undefined);
  const ended = endOf(signal);
  try {
    await Promise.race([client.connect(), ended.promise]);
    return await Promise.race([work(client), ended.promise]);
  } finally {
    ended.forget();
    // In the middle of a question it cuts the connection; the farewell to a silent server is waited for by nobody.
    void client.end().catch(() => undefined);
  }
}

/** Rejects when the signal aborts; never otherwise. */
function endOf(signal: AbortSignal | undefined): { promise: Promise<never>; forget: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  // Nobody may wait for it any more when it comes.
  promise.catch(() => undefined);
  return { promise, forget: () => signal?.removeEventListener('abort', stop) };
}
