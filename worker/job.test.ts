import { expect, test, vi } from 'vitest';
import { type Job, keepRunning } from './job';
import { Wakeups } from './wakeups';

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A job that nothing but its topic starts, in its loop: `told.runs` counts, and `stop` ends it. */
function looping(run: (n: number) => void, more: Partial<Job<unknown>> = {}) {
  const stopping = new AbortController();
  const wakeups = new Wakeups();
  const told = { runs: 0 };
  const job: Job<unknown> = {
    name: 'test',
    everySeconds: 3600,
    topics: ['plan'],
    run: async () => {
      told.runs += 1;
      run(told.runs);
    },
    ...more,
  };
  const begin = () => keepRunning(job, { wakeups, signal: stopping.signal });
  return { wakeups, told, begin, stop: () => stopping.abort() };
}

test('a job that failed waits through its own topics and runs at once when the database is back', async () => {
  const { wakeups, told, begin, stop } = looping((n) => {
    if (n === 1) throw new Error('the database is away');
  });
  const loop = begin();
  await settled();
  expect(told.runs).toBe(1);
  wakeups.wake('plan');
  await settled();
  expect(told.runs).toBe(1);
  wakeups.wake('connected');
  await settled();
  expect(told.runs).toBe(2);
  wakeups.wake('plan');
  await settled();
  expect(told.runs).toBe(3);
  stop();
  await loop;
});

test('what is told while a job runs starts it again, so that nobody waits for the next round', async () => {
  const { wakeups, told, begin, stop } = looping((n) => {
    if (n === 1) wakeups.wake('plan');
  });
  const loop = begin();
  await settled();
  await settled();
  expect(told.runs).toBe(2);
  stop();
  await loop;
});

test('with a pause between runs, all that is told meanwhile starts one', async () => {
  const { wakeups, told, begin, stop } = looping(() => {}, { topics: ['change'], pauseMs: 20 });
  vi.useFakeTimers();
  try {
    const loop = begin();
    await vi.advanceTimersByTimeAsync(0);
    expect(told.runs).toBe(1);
    for (let times = 0; times < 30; times += 1) wakeups.wake('change');
    await vi.advanceTimersByTimeAsync(19);
    expect(told.runs).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(told.runs).toBe(2);
    // Nothing was told since: the next run comes with its schedule.
    await vi.advanceTimersByTimeAsync(1_000_000);
    expect(told.runs).toBe(2);
    wakeups.wake('change');
    await vi.advanceTimersByTimeAsync(0);
    expect(told.runs).toBe(3);
    stop();
    await vi.advanceTimersByTimeAsync(20);
    await loop;
  } finally {
    vi.useRealTimers();
  }
});

test('a bell that rang while nobody listened is heard once', async () => {
  const wakeups = new Wakeups();
  const bell = wakeups.bell(['change:1']);
  const { signal } = new AbortController();
  wakeups.wake('change:1');
  await bell.wait(3_600_000, signal);
  let heard = false;
  const again = bell.wait(3_600_000, signal).then(() => {
    heard = true;
  });
  await settled();
  expect(heard).toBe(false);
  wakeups.wake('change:1');
  await again;
  expect(heard).toBe(true);
  bell.close();
});
