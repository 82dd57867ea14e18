import 'server-only';
import { NextRequest } from 'next/server';
import { readText } from '@/lib/http/body';
import { RequestRefused } from '@/lib/http/problem';

/** Far more than an address, a password and a token need. */
const MAX_BYTES = 20_000;

/**
 * The request with its body read and looked at: next-auth would read any amount from anybody, and fail over JSON
 * that is no object. Throws RequestRefused 413 or 400.
 */
export async function boundedAuthRequest(request: NextRequest): Promise<NextRequest> {
  if (request.method !== 'POST') return request;
  const body = await readText(request, MAX_BYTES);
  if ((request.headers.get('content-type') ?? '').includes('application/json')) requireObject(body);
  return new NextRequest(request.url, { method: 'POST', headers: request.headers, body });
}

function requireObject(text: string): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  throw new RequestRefused(400, 'invalid', 'The body is not a JSON object.', {
    next: 'Open the sign-in page and sign in there.',
  });
}
