import 'server-only';
import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import { z } from 'zod';

const Started = z.object({ request: z.instanceof(IncomingMessage) });

/** The same address with every per cent sign that begins no UTF-8 character written out as one. */
export function decodable(address: string): string {
  try {
    decodeURIComponent(address);
    return address;
  } catch {
    return address.replace(/(?:%[0-9a-f]{2})+|%/gi, (part) => {
      try {
        decodeURIComponent(part);
        return part;
      } catch {
        return part.replaceAll('%', '%25');
      }
    });
  }
}

/**
 * Next answers 500 to an address that does not decode, before any code of ours is asked. Read as the text it is,
 * such an address names nothing, and pages and routes say so.
 */
export function acceptMalformedUrls(): void {
  subscribe('http.server.request.start', (message) => {
    const request = Started.safeParse(message).data?.request;
    if (request?.url !== undefined) request.url = decodable(request.url);
  });
}
