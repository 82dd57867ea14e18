import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TcpProxy } from './proxy';

const body = 'x'.repeat(50_000);
let server: Server;
let proxy: TcpProxy;

beforeEach(async () => {
  server = createServer((_request, response) => response.end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  proxy = new TcpProxy({ port: 0, targetPort: address.port });
  await proxy.start();
});

afterEach(async () => {
  await proxy.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const read = async () => (await fetch(proxy.url, { headers: { connection: 'close' } })).text();

test('without a fault everything passes', async () => {
  expect(await read()).toBe(body);
});

test('a refusing proxy resets connections and serves again on the same port', async () => {
  const { port } = proxy;
  await proxy.setFault({ refuse: true });
  await expect(read()).rejects.toThrow();
  await proxy.setFault({});
  expect(proxy.port).toBe(port);
  expect(await read()).toBe(body);
});

test('a cut answer breaks off', async () => {
  await proxy.setFault({ cutAfterBytes: 1000 });
  await expect(read()).rejects.toThrow();
});

test('a delayed answer arrives whole, and not within the delay', async () => {
  await proxy.setFault({ delayMs: 200 });
  await expect(fetch(proxy.url, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
  expect(await read()).toBe(body);
});

test('a target that is not there resets the client', async () => {
  const lonely = new TcpProxy({ port: 0, targetPort: 1 });
  await lonely.start();
  await expect(fetch(lonely.url)).rejects.toThrow();
  await lonely.stop();
});
