import 'server-only';
import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import { z } from 'zod';

const Started = z.object({ request: z.instanceof(IncomingMessage) });

/**
 * Appends the address of the connection's other end to X-Forwarded-For, as each proxy does. Next adds it only where
 * the header is absent, so a client could choose the address that its sign-in attempts are counted by.
 */
export function addPeerAddress(): void {
  subscribe('http.server.request.start', (message) => {
    const request = Started.safeParse(message).data?.request;
    const peer = request?.socket.remoteAddress;
    if (request === undefined || peer === undefined) return;
    const given = request.headers['x-forwarded-for'];
    request.headers['x-forwarded-for'] = given === undefined ? peer : `${String(given)}, ${peer}`;
  });
}
