import { STATUS_CODES } from 'node:http';
import { LokiError } from './error';
import { text } from './http';

/** A refusal of a WebSocket upgrade as raw HTTP: plain text, before any frame. */
export function upgradeRefusal(error: unknown): string {
  const known = error instanceof LokiError ? error : new LokiError(500, 'internal server error\n');
  const answer = text(known.status, known.message);
  const headers = {
    ...answer.headers,
    'content-length': Buffer.byteLength(answer.body),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const status = `HTTP/1.1 ${known.status} ${STATUS_CODES[known.status] ?? ''}`;
  return `${[status, ...lines].join('\r\n')}\r\n\r\n${answer.body}`;
}
