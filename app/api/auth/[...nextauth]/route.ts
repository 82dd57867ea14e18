import type { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { clientAddress } from '@/lib/access/attempts';
import { authOptions } from '@/lib/access/auth-options';
import { boundedAuthRequest } from '@/lib/access/auth-request';
import { config } from '@/lib/config/load';
import { newId } from '@/lib/core/ids';
import { RequestRefused, toProblem } from '@/lib/http/problem';

type Context = { params: Promise<{ nextauth: string[] }> };

const privately = { 'Cache-Control': 'private, no-store' };

async function handler(received: NextRequest, context: Context): Promise<Response> {
  let request: NextRequest;
  try {
    request = await boundedAuthRequest(received);
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    const problem = toProblem(error, newId());
    const headers = { ...privately, 'Content-Type': 'application/problem+json' };
    return Response.json(problem, { status: problem.status, headers });
  }
  const options = authOptions({
    address: clientAddress(request.headers.get('x-forwarded-for'), config().access.trustedProxies),
    userAgent: request.headers.get('user-agent'),
  });
  const response: Response = await NextAuth(request, context, options);
  response.headers.set('Cache-Control', privately['Cache-Control']);
  return response;
}

export { handler as GET, handler as POST };
