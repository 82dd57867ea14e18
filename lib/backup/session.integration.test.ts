import net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { parseTarget } from './connection';
import { withSession } from './session';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Accepts connections, greets as PostgreSQL does when it is asked to, and never says anything again. */
async function silentServer(greets: boolean): Promise<number> {
  const server = net.createServer((socket) => {
    closing.push(() => socket.destroy());
    // Authentication is fine, and the server is ready: the two messages that end a start-up.
    const ready = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);
    if (greets) socket.once('data', () => socket.write(ready));
    socket.on('error', () => undefined);
  });
  closing.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

const target = async (greets: boolean) =>
  parseTarget(`postgresql://reader:secret@127.0.0.1:${await silentServer(greets)}/app`, 'the database');

test('a server that falls silent after the login keeps nobody waiting longer than an answer may take', async () => {
  const asked = withSession(await target(true), { appName: 'test', answerSeconds: 0.2 }, (client) =>
    client.query('SELECT 1'),
  );
  await expect(asked).rejects.toThrow(/timeout/i);
});

test('a signal ends the questions to a silent server, and the login to it', async () => {
  for (const greets of [true, false]) {
    const stop = new AbortController();
    const asked = withSession(
      await target(greets),
      { appName: 'test', answerSeconds: 600, signal: stop.signal },
      (client) => client.query('SELECT 1'),
    );
    setTimeout(() => stop.abort(new Error('The worker stops.')), 50);
    await expect(asked).rejects.toThrow('The worker stops.');
  }
});
