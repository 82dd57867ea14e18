import { NextRequest } from 'next/server';
import { expect, test } from 'vitest';
import { Problem } from '@/lib/http/contract';
import { POST } from './route';

const context = { params: Promise.resolve({ nextauth: ['callback', 'credentials'] }) };
async function send(type: string, body: string | ReadableStream) {
  // Node asks for `duplex` with a stream; the DOM's type does not know it.
  const half = { duplex: 'half' } as const;
  const headers = { 'content-type': type };
  const url = 'http://localhost:3000/api/auth/callback/credentials';
  const response = await POST(new NextRequest(url, { method: 'POST', headers, body, ...half }), context);
  return { status: response.status, problem: Problem.parse(await response.json()) };
}

test('a sign-in whose body does not end is refused before it fills the process', async () => {
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent += 65_536;
      controller.enqueue(new TextEncoder().encode('a'.repeat(65_536)));
    },
  });
  const { status, problem } = await send('application/x-www-form-urlencoded', endless);
  expect([status, problem.code]).toEqual([413, 'invalid']);
  expect(sent).toBeLessThan(500_000);
});

test.each(['{', 'null', '[]', '"text"'])('a sign-in of the JSON %s is a clear error', async (body) => {
  const { status, problem } = await send('application/json', body);
  expect([status, problem.code]).toEqual([400, 'invalid']);
});
