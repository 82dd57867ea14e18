import 'server-only';
import WebSocket from 'ws';
import type { HttpSource } from '@/lib/config/sources';
import { headersOf, tlsOf } from '../agent';
import { parseJson, sourceUrl } from '../http';
import { SourceError, statusError, toSourceError, transportError } from '../source-error';
import { type Line, lokiName } from './client';
import { TailFrame } from './schema';

export type TailOptions = {
  query: string;
  /** Lines stored before now that come first, at least one: Loki refuses none. */
  backlog: number;
  /** Stored lines from this time on, in nanoseconds; the last hour's when absent. */
  start?: string | undefined;
  onOpen?: () => void;
  onLines: (lines: Line[], dropped: number) => void;
  /** Called once, whoever ended it; null after `close`. */
  onEnd: (error: SourceError | null) => void;
};

/** Loki pings each second; a socket silent for this long is dead. */
const silentMs = 30_000;

/**
 * Follows a log query over Loki's web socket, with the same TLS and credentials as the queries. Returns how to
 * stop. A parse error is an HTTP answer before the upgrade, a metric query a close after it: both reach `onEnd`
 * with Loki's sentence.
 */
export function openTail(source: HttpSource, options: TailOptions): { close: () => void } {
  const name = lokiName(source);
  let ended = false;
  let watchdog: NodeJS.Timeout | undefined;
  const finish = (error: SourceError | null) => {
    if (ended) return;
    ended = true;
    clearTimeout(watchdog);
    options.onEnd(error);
  };
  let socket: WebSocket;
  try {
    socket = connect(source, options);
  } catch (error) {
    queueMicrotask(() => finish(toSourceError(error, name)));
    return { close: () => finish(null) };
  }
  const heard = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => {
      finish(new SourceError('timeout', `${name} stopped sending.`));
      socket.terminate();
    }, silentMs);
  };
  socket.on('open', () => {
    heard();
    options.onOpen?.();
  });
  socket.on('ping', heard);
  socket.on('message', (data) => {
    heard();
    try {
      const frame = TailFrame.safeParse(parseJson(String(data), name));
      if (!frame.success) {
        throw new SourceError('bad-response', `${name} sent a tail in a form that is not Loki's.`);
      }
      const { streams, dropped } = frame.data;
      const lines = streams.flatMap(({ stream, values }) =>
        values.map(({ ns, line, labels }) => ({ ns, line, labels: { ...stream, ...labels } })),
      );
      options.onLines(lines, dropped);
    } catch (error) {
      finish(toSourceError(error, name));
      socket.terminate();
    }
  });
  socket.on('unexpected-response', (request, response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      if (text.length < 2000) text += chunk;
    });
    response.on('end', () => {
      finish(statusError(name, response.statusCode ?? 0, text.trim()));
      request.destroy();
    });
  });
  socket.on('error', (error) => finish(transportError(error, name, source.timeout)));
  socket.on('close', (code, reason) => {
    const said = reason.toString();
    finish(
      new SourceError('unreachable', `${name} ended the tail${said === '' ? '' : `: ${said}`} (${code}).`, {
        // Its other ends with 1011 (too many tails, one that ran for too long) are no fault of the query.
        ...(code === 1011 && said.includes('only log selector') ? { status: 400, answer: said } : {}),
      }),
    );
  });
  return {
    close: () => {
      finish(null);
      socket.terminate();
    },
  };
}

function connect(source: HttpSource, { query, backlog, start }: TailOptions): WebSocket {
  const url = sourceUrl(source, '/loki/api/v1/tail', { query, limit: String(backlog), start });
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return new WebSocket(url, {
    headers: headersOf(source),
    ...tlsOf(source),
    handshakeTimeout: source.timeout * 1000,
    followRedirects: false,
    maxPayload: 4 * 1024 * 1024,
  });
}
