import 'server-only';
import { OpsError } from '@/lib/core/errors';

const writes = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
export const isWrite = (method: string): boolean => writes.has(method);

/**
 * A write must come from a page of ours (CSRF): `Sec-Fetch-Site: same-origin` where the browser sends it, and an
 * `Origin` that is ours; a request with neither is refused, since every browser sends one of them. A read may
 * not be embedded by another site, but a link to it may be followed.
 */
export function requireSameOrigin(request: Request, ownOrigin: string): void {
  const site = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  if (!isWrite(request.method)) {
    if (site === 'cross-site' && request.headers.get('sec-fetch-mode') !== 'navigate') refuse();
    return;
  }
  if (site !== null && site !== 'same-origin') refuse();
  if (origin !== null && origin !== ownOrigin) refuse();
  if (site === null && origin === null) refuse();
}

function refuse(): never {
  throw new OpsError('forbidden', 'The request did not come from a page of this console.', {
    next: 'Open the console under its own address and do it there.',
  });
}
