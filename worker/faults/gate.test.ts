import { expect, test } from 'vitest';
import { Died, Gate } from './testing/gate';
import { oneAtATime } from './testing/one-at-a-time';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a process that stands still passes no point until it goes on', async () => {
  const gate = new Gate({ stopAt: 2 });
  const told: string[] = [];
  const run = (async () => {
    for (const what of ['first', 'second', 'third']) {
      await gate.pass('database', what, async () => void told.push(what));
    }
  })();
  await gate.stopped;
  // Its own work, which is no port, stands still as well.
  const beside = gate.going().then(() => told.push('beside'));
  await turn();
  expect([told, gate.end, gate.isStanding]).toEqual([['first'], 'before database second', true]);
  gate.resume();
  await Promise.all([run, beside]);
  expect(told).toHaveLength(4);
});

test('a process that is ended while it stands still does nothing more, and what it runs beside itself ends', async () => {
  const gate = new Gate({ stopAt: 1 });
  const run = gate.pass('database', 'insert', async () => 'done').catch((error: unknown) => error);
  await gate.stopped;
  expect(gate.died.aborted).toBe(false);
  gate.kill();
  expect(await run).toBeInstanceOf(Died);
  await expect(gate.point('before clock pause')).rejects.toThrow(Died);
  await expect(gate.going()).rejects.toThrow(Died);
  expect([gate.died.aborted, gate.points]).toEqual([true, 1]);
});

test('what a dead process had sent is carried out, and its answer reaches nobody', async () => {
  const gate = new Gate({ dieAt: 2 });
  let isWritten = false;
  const write = async () => {
    isWritten = true;
  };
  await expect(gate.pass('database', 'commit', write, true)).rejects.toThrow(Died);
  expect([isWritten, gate.end]).toEqual([true, 'after database commit']);
});

test('work on one ground is done one after another, also when the one before it has failed', async () => {
  const alone = oneAtATime();
  const told: string[] = [];
  const piece = (name: string, fails: boolean) => async () => {
    told.push(`${name} begins`);
    await turn();
    told.push(`${name} ends`);
    if (fails) throw new Error(name);
  };
  // Nobody waits for the first one any more.
  const left = alone(piece('first', true)).catch((error: unknown) => String(error));
  await alone(piece('second', false));
  expect(told).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  expect(await left).toBe('Error: first');
});
