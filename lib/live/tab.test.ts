import { afterEach, expect, test, vi } from 'vitest';
import type { LogLine } from '@/lib/logs/contract';
import type { EventStream } from './connection';
import type { LiveEvent } from './contract';
import { LiveTab, type TabWorld } from './tab';

type Opened = EventStream & { tails: readonly { id: string; query: string }[]; closed: boolean };

/** A browser of several tabs: one channel, one lock that passes to the next in line, streams under our hand. */
class Browser {
  readonly opened: Opened[] = [];
  visible = true;
  private readonly channels = new Set<TabWorld['channel']>();
  private line: Promise<void> = Promise.resolve();

  tab(id: string): LiveTab {
    const channel: TabWorld['channel'] = {
      onmessage: null,
      postMessage: (data: unknown) => {
        for (const other of this.channels) if (other !== channel) other.onmessage?.({ data });
      },
      close: () => this.channels.delete(channel),
    };
    this.channels.add(channel);
    return new LiveTab(id, {
      channel,
      elect: (lead, signal) => {
        this.line = this.line.then(() => (signal.aborted ? undefined : lead()));
      },
      open: (tails) => {
        const stream: Opened = {
          onopen: null,
          onmessage: null,
          onerror: null,
          readyState: 1,
          tails,
          closed: false,
          close: () => {
            stream.closed = true;
          },
        };
        this.opened.push(stream);
        return stream;
      },
      isVisible: () => this.visible,
      now: () => Date.now(),
    });
  }

  get open(): Opened[] {
    return this.opened.filter(({ closed }) => !closed);
  }

  say(event: LiveEvent, stream = this.open.at(-1)): void {
    stream?.onmessage?.({ data: JSON.stringify(event) });
  }
}

vi.useFakeTimers();
const tabs: LiveTab[] = [];
afterEach(() => {
  for (const tab of tabs.splice(0)) tab.close();
});
const settle = () => vi.advanceTimersByTimeAsync(100);
const hello: LiveEvent = { type: 'hello', at: '2026-11-21T10:00:00.000Z' };
const changed: LiveEvent = { type: 'changed', topic: 'cluster', key: 'us-east-1/fraiseql' };
const line: LogLine = {
  ns: '1795256329123010651',
  at: '2026-11-21T10:18:49.123Z',
  level: 'info',
  line: 'x',
  labels: {},
  fields: {},
  message: 'x',
};

function heard(tab: LiveTab): string[] {
  const types: string[] = [];
  tab.subscribe((event) => types.push(event.type));
  return types;
}

async function eight(browser: Browser): Promise<LiveTab[]> {
  const all = Array.from({ length: 8 }, (_, index) => browser.tab(`tab-${index}`));
  tabs.push(...all);
  await settle();
  return all;
}

test('eight tabs share one stream, and each hears what it says', async () => {
  const browser = new Browser();
  const all = await eight(browser);
  const logs = all.map(heard);
  expect(browser.open).toHaveLength(1);
  browser.say(hello);
  browser.say(changed);
  expect(logs.every((types) => types.join() === 'hello,changed')).toBe(true);
  expect(all.map(({ state }) => state)).toEqual(Array(8).fill('open'));
});

test('another tab takes over when the leader closes', async () => {
  const browser = new Browser();
  const [leader, ...others] = await eight(browser);
  browser.say(hello);
  leader?.close();
  await settle();
  expect(browser.open).toHaveLength(1);
  const types = others.map(heard);
  browser.say(hello);
  expect(types.every((one) => one.includes('hello'))).toBe(true);
  expect(others.every(({ state }) => state === 'open')).toBe(true);
});

test('tails of all tabs ride on the one stream, equal ones once', async () => {
  const browser = new Browser();
  const [one, two, three] = await eight(browser);
  browser.say(hello);
  const got: Record<string, number> = { one: 0, two: 0, three: 0 };
  const count = (name: string) => ({
    onLines: (lines: LogLine[]) => (got[name] = (got[name] ?? 0) + lines.length),
  });
  one?.addTail('{a="1"}', count('one'));
  const leave = two?.addTail('{a="1"}', count('two'));
  three?.addTail('{b="2"}', count('three'));
  await settle();
  const [before, next] = browser.open;
  expect(next?.tails.map(({ query }) => query)).toEqual(['{a="1"}', '{b="2"}']);
  // The first stream stays until the second speaks, so that nothing is missed.
  expect(before?.closed).toBe(false);
  browser.say(hello, next);
  expect(before?.closed).toBe(true);
  const id = next?.tails[0]?.id ?? '';
  browser.say({ type: 'tail', tail: id, lines: [line, line], dropped: 0 });
  expect(got).toEqual({ one: 2, two: 2, three: 0 });
  leave?.();
  browser.say({ type: 'tail', tail: id, lines: [line], dropped: 0 });
  expect(got).toEqual({ one: 3, two: 2, three: 0 });
});

test('a sixth query is refused with a sentence', async () => {
  const browser = new Browser();
  const [one] = await eight(browser);
  const ends: string[] = [];
  for (let n = 1; n <= 6; n++) {
    one?.addTail(`{n="${n}"}`, { onLines: () => {}, onEnd: (message) => ends.push(message) });
  }
  await settle();
  expect(browser.open.at(-1)?.tails).toHaveLength(5);
  expect(new Set(ends)).toEqual(
    new Set(['Five log tails are open in this browser already; close one first.']),
  );
});

test('a refusal is tried again with growing pauses', async () => {
  const browser = new Browser();
  const [one] = await eight(browser);
  const refuse = () => {
    const stream = browser.open.at(-1);
    if (stream === undefined) throw new Error('No stream is open.');
    Object.assign(stream, { readyState: 2 });
    stream.onerror?.();
  };
  refuse();
  expect(one?.state).toBe('down');
  expect(browser.open).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(3100);
  expect(browser.open).toHaveLength(1);
  refuse();
  await vi.advanceTimersByTimeAsync(3100);
  expect(browser.open).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(3000);
  browser.say(hello);
  expect(one?.state).toBe('open');
});

test('a stream that falls silent is opened anew', async () => {
  const browser = new Browser();
  await eight(browser);
  browser.say(hello);
  const [first] = browser.open;
  await vi.advanceTimersByTimeAsync(46_000);
  expect(first?.closed).toBe(true);
  expect(browser.open).toHaveLength(1);
});

test('with no tab in sight for a minute the stream rests, and comes back with the first that is', async () => {
  const browser = new Browser();
  const all = await eight(browser);
  browser.say(hello);
  browser.visible = false;
  for (const tab of all) tab.announce();
  for (let s = 0; s < 7; s++) {
    browser.say({ type: 'sources', sources: [] });
    await vi.advanceTimersByTimeAsync(10_000);
  }
  expect(browser.open).toHaveLength(0);
  browser.visible = true;
  all[3]?.announce();
  await settle();
  expect(browser.open).toHaveLength(1);
});
