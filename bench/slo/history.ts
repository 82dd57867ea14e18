import fs from 'node:fs';
import path from 'node:path';
import { run } from '@/scripts/process/run';
import { scrapeSeconds, type Traffic } from './traffic';

const day = 86_400;
export const historyDays = 30;
/** Older days are read as increase() over 5 minutes, for which a sample every two minutes is enough. */
const oldStep = 120;
/** The recorder reads three days and what has passed of the newest from raw samples; these are as dense as now. */
const denseDays = 4;

export type HistoryOptions = {
  traffic: Traffic;
  /** Unix seconds of the last sample. */
  to: number;
  promtool: string;
  /** Takes the text of a day at a time. */
  workDir: string;
  /** Prometheus's own folder. */
  dataDir: string;
  signal: AbortSignal;
};

/** Moments of the samples after `from`, up to `to`. */
export function* sampleTimes(from: number, to: number, denseFrom: number): Generator<number> {
  for (let at = from; at <= to; at += at < denseFrom ? oldStep : scrapeSeconds) yield at;
}

/**
 * Writes the past of all counters as blocks, a UTC day each, since promtool reads its text once for each block
 * that it makes. The next day is written while promtool works. Returns the number of samples.
 */
export async function writeHistory(options: HistoryOptions): Promise<void> {
  const { traffic, to, promtool, workDir, dataDir, signal } = options;
  const from = to - historyDays * day;
  const denseFrom = Math.floor(to / day) * day - denseDays * day;
  fs.mkdirSync(workDir, { recursive: true });
  fs.mkdirSync(dataDir, { recursive: true });
  let blocks: Promise<void> = Promise.resolve();
  let before = from;
  const times = sampleTimes(from, to, denseFrom);
  let at = times.next();
  for (let part = 0; !at.done; part++) {
    const end = (Math.floor(at.value / day) + 1) * day;
    const file = path.join(workDir, `${part}.om`);
    const text = fs.openSync(file, 'w');
    for (; !at.done && at.value < end; at = times.next()) {
      traffic.advance(at.value - before);
      before = at.value;
      fs.writeSync(text, traffic.lines(` ${at.value}\n`));
      signal.throwIfAborted();
    }
    fs.writeSync(text, '# EOF\n');
    fs.closeSync(text);
    await blocks;
    blocks = makeBlocks(promtool, file, dataDir);
    // Its failure is thrown by the next await; until then it is not unhandled.
    blocks.catch(() => undefined);
    // Give the reading of the program's output its turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await blocks;
}

async function makeBlocks(promtool: string, file: string, dataDir: string): Promise<void> {
  const args = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', '--max-block-duration=720h'];
  const { code, output } = await run(promtool, [...args, file, dataDir]);
  if (code !== 0) throw new Error(`promtool made no blocks:\n${output.trim()}`);
  fs.rmSync(file);
}
