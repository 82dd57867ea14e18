import { get, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { startServer } from './server';

let server: Server | undefined;
afterEach(() => new Promise<void>((resolve) => void (server?.close(() => resolve()) ?? resolve())));

/** The path as it stands on the request line: a URL would be made well-formed first. */
const statusOf = (port: number, path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .setTimeout(5000, () => reject(new Error(`${path} was not answered.`)))
      .on('error', reject);
  });

test.each(['//', '///', '/%'])(
  'an address that is none (%s) is answered, and the process lives on',
  async (path) => {
    server = await startServer([], { host: '127.0.0.1', port: 0 });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The server has no port.');
    expect(await statusOf(address.port, path)).toBe(404);
    expect(await statusOf(address.port, '/health')).toBe(200);
  },
);

test('a check that does not decide is told, and the process is ready all the same', async () => {
  const broken = async () => {
    throw new Error('It is not there.');
  };
  const ask = async (decides: boolean) => {
    const checks = [
      { name: 'fine', run: async () => {} },
      { name: 'router', run: broken, decides },
    ];
    const one = await startServer(checks, { host: '127.0.0.1', port: 0 });
    const address = one.address();
    if (address === null || typeof address === 'string') throw new Error('The server has no port.');
    const answer = await fetch(`http://127.0.0.1:${address.port}/ready`);
    const body: unknown = await answer.json();
    await new Promise((resolve) => one.close(resolve));
    return [answer.status, body];
  };
  const checks = [
    { name: 'fine', ok: true },
    { name: 'router', ok: false, problem: 'It is not there.' },
  ];
  expect(await ask(false)).toEqual([200, { ready: true, checks }]);
  expect(await ask(true)).toEqual([503, { ready: false, checks }]);
});
