import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { clientAddress } from '@/lib/access/attempts';
import { addPeerAddress } from './peer-address';

test('a client cannot choose its own address: without proxies the header of a request counts for nothing', async () => {
  addPeerAddress();
  const server = createServer((request, response) => response.end(request.headers['x-forwarded-for']));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const seen = async (headers: Record<string, string>) =>
    (await fetch(`http://127.0.0.1:${port}/`, { headers })).text();
  const plain = await seen({});
  const forged = await seen({ 'x-forwarded-for': '6.6.6.6' });
  expect([plain, forged]).toEqual(['127.0.0.1', '6.6.6.6, 127.0.0.1']);
  expect([clientAddress(plain, 0), clientAddress(forged, 0)]).toEqual(['127.0.0.1', '127.0.0.1']);
  expect(clientAddress(forged, 1)).toBe('6.6.6.6');
  server.close();
});
