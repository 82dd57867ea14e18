import net from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort, isPortFree, requireFreePorts } from './port';

let taken: number;
let server: net.Server;
beforeEach(async () => {
  taken = await freePort();
  server = net.createServer();
  await new Promise<void>((resolve) => server.listen(taken, '127.0.0.1', resolve));
});
afterEach(() => {
  server.close();
});

test('a port with a listener is not free, and a fresh one is', async () => {
  expect(await isPortFree(taken)).toBe(false);
  expect(await isPortFree(await freePort())).toBe(true);
});

test('the error names each busy port, what wanted it, and how to choose another', async () => {
  const free = await freePort();
  const attempt = requireFreePorts({ web: taken, worker: free }, 'Use --port N.');
  await expect(attempt).rejects.toMatchObject({
    message: `Port ${taken} (web) is in use by another program on 127.0.0.1. Nothing was started.`,
    next: 'Use --port N.',
  });
});

test('two parts that ask for the same port are told', async () => {
  const free = await freePort();
  await expect(requireFreePorts({ web: free, worker: free }, '')).rejects.toThrow(
    `Port ${free} (worker) is also meant for web`,
  );
});

test('free ports pass', async () => {
  await expect(requireFreePorts({ web: await freePort() }, '')).resolves.toBeUndefined();
});
