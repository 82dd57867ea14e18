import { expect, test } from 'vitest';
import { type Death, Part, type Running } from './part';

/** A program that ends when it is told to. */
function pretend() {
  const log: string[] = [];
  const ends: ((how: string) => void)[] = [];
  let pid = 0;
  const launch = async (): Promise<Running> => {
    const { promise, resolve } = Promise.withResolvers<string>();
    ends.push(resolve);
    log.push('launch');
    pid += 1;
    return {
      pid,
      exited: promise,
      tail: () => 'last line',
      kill: (signal) => {
        log.push(signal);
        if (signal === 'SIGKILL') resolve('was ended by SIGKILL');
      },
      stop: async () => {
        log.push('stop');
        resolve('was ended by SIGTERM');
      },
    };
  };
  const deaths: Death[] = [];
  const part = new Part('worker', launch, (death) => deaths.push(death));
  return { part, log, deaths, end: (how: string) => ends.at(-1)?.(how) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('an end that nobody asked for is reported once, and the part can start again', async () => {
  const { part, deaths, end } = pretend();
  await part.start();
  end('ended with code 1');
  await settled();
  expect(deaths).toEqual([{ part: 'worker', how: 'ended with code 1', tail: 'last line' }]);
  expect(part.pid).toBeUndefined();
  await part.start();
  expect(part.pid).toBe(2);
});

test('stop and kill -9 are no deaths', async () => {
  const { part, deaths, log } = pretend();
  await part.start();
  await part.stop();
  await part.start();
  await part.kill('SIGKILL');
  await settled();
  expect(deaths).toEqual([]);
  expect(log).toEqual(['launch', 'stop', 'launch', 'SIGKILL']);
});

test('a pause leaves the part running, and a second start is harmless', async () => {
  const { part, log } = pretend();
  await part.start();
  await part.kill('SIGSTOP');
  await part.start();
  expect(part.pid).toBe(1);
  expect(log).toEqual(['launch', 'SIGSTOP']);
});
