import { type NextRequest, NextResponse } from 'next/server';
import { paths } from '@/lib/core/paths';
import { contentSecurityPolicy, isOpen, newNonce, ownRequestHeaders } from '@/lib/http/csp';

/**
 * Each page gets a policy with a fresh nonce. The redirect of people without a session cookie is a courtesy:
 * every page and every route asks the database who is signed in.
 */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl;
  const nonce = newNonce();
  const policy = contentSecurityPolicy({
    nonce,
    frameOrigin: globalThis.signalboxFrameOrigin ?? null,
    development: process.env.NODE_ENV === 'development',
  });
  const signedOut = !request.cookies
    .getAll()
    .some(({ name }) => /^(__Secure-)?next-auth\.session-token$/.test(name));
  if (signedOut && !isOpen(pathname)) {
    const target = new URL(paths.signIn(`${pathname}${search}`), request.nextUrl);
    return withPolicy(NextResponse.redirect(target, 307), policy);
  }
  const headers = new Headers(request.headers);
  for (const name of ownRequestHeaders) headers.delete(name);
  headers.set('x-nonce', nonce);
  headers.set('x-path', `${pathname}${search}`);
  headers.set('content-security-policy', policy);
  return withPolicy(NextResponse.next({ request: { headers } }), policy);
}

function withPolicy(response: NextResponse, policy: string): NextResponse {
  response.headers.set('Content-Security-Policy', policy);
  return response;
}

/** No `missing` conditions: a request could then choose by a header not to be looked at. */
export const config = { matcher: ['/((?!_next/static|_next/image|api/).*)'] };
