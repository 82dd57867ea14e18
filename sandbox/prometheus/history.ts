import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type HistoryRequest, isGap, sampleTimes } from './history-plan';
import { type HistoryEnd, SubjectHistory } from './history-subject';

/** Characters gathered before they are written: few, large writes. */
const CHUNK = 2_000_000;
/**
 * promtool reads its input once for each block it makes, and its longest block below 720 h is 486 h,
 * aligned to the epoch: one part for each block and nothing is read twice.
 */
const BLOCK_MS = 486 * 3_600_000;

/** Takes the parts one after the other; `begin` gives the stream of the next, `end` follows its last byte. */
export type PartSink = { begin: (part: number) => Writable; end: (part: number) => Promise<void> };

/** Writes the past as OpenMetrics text in parts; resolves with the state in which the live processes go on. */
export async function writeHistory(request: HistoryRequest, sink: PartSink): Promise<HistoryEnd[]> {
  const subjects = request.subjects.map((subject) => new SubjectHistory(subject, request));
  let before = request.fromMs;
  let part = -1;
  let block = -1;
  let out: Writable | null = null;
  let text = '';
  const finish = async () => {
    out?.end(`${text}# EOF\n`);
    text = '';
    if (out) await sink.end(part);
  };
  for (const atMs of sampleTimes(request.fromMs, request.toMs)) {
    if (Math.floor(atMs / BLOCK_MS) !== block) {
      await finish();
      block = Math.floor(atMs / BLOCK_MS);
      part += 1;
      out = sink.begin(part);
    }
    for (const subject of subjects) {
      if (atMs > before) subject.step(before, atMs);
      if (!isGap(atMs, request.toMs)) text += subject.text(atMs);
    }
    before = atMs;
    if (text.length < CHUNK || !out) continue;
    if (!out.write(text)) await once(out, 'drain');
    text = '';
  }
  await finish();
  return subjects.map((subject) => subject.end());
}

/** The same into files, each of which is handed to `use` when it is whole. */
export async function writeHistoryFiles(
  request: HistoryRequest,
  fileOf: (part: number) => string,
  use: (file: string) => void,
): Promise<HistoryEnd[]> {
  const streams = new Map<number, Writable>();
  return writeHistory(request, {
    begin: (part) => {
      const stream = createWriteStream(fileOf(part));
      streams.set(part, stream);
      return stream;
    },
    end: async (part) => {
      const stream = streams.get(part);
      if (stream) await finished(stream);
      use(fileOf(part));
    },
  });
}
