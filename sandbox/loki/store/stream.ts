import { type Labels, labelText } from '../labels';
import { levelMetadata, levelOfLabels, levelOfLine } from './level';

/** One line of a stream. `timeNs` is nanoseconds since 1970; `metadata` always holds `detected_level`. */
export type Entry = { timeNs: bigint; line: string; metadata: Labels };

type Chunk = { times: bigint[]; lines: string[]; metadata: Labels[]; bytes: number };

const chunkEntries = 2048;
const overhead = 64;

/** First index of `times` that is at or after `at`. */
export function lowerBound(times: readonly bigint[], at: bigint): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0n) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The entries of one label set in time order, in chunks, so that old ones go without moving the rest. */
export class LogStream {
  readonly labels: Labels;
  readonly text: string;
  readonly chunks: Chunk[] = [];
  bytes = 0;
  entries = 0;
  private readonly level: string | null;

  constructor(labels: Labels) {
    this.labels = labels;
    this.text = labelText(labels);
    this.level = levelOfLabels(labels);
  }

  get firstNs(): bigint | null {
    return this.chunks[0]?.times[0] ?? null;
  }

  get lastNs(): bigint | null {
    return this.chunks.at(-1)?.times.at(-1) ?? null;
  }

  /** Appends in time order; an older entry is put where it belongs. A true duplicate is kept once. */
  append(timeNs: bigint, line: string, metadata?: Labels): Entry | null {
    const entry: Entry = { timeNs, line, metadata: this.withLevel(line, metadata) };
    const last = this.lastNs;
    if (last === null || timeNs > last) this.appendLast(entry);
    else if (!this.insert(entry)) return null;
    this.bytes += line.length + overhead;
    this.entries += 1;
    return entry;
  }

  private withLevel(line: string, metadata: Labels | undefined): Labels {
    const stated = metadata === undefined ? null : levelOfLabels(metadata);
    const detected = levelMetadata(stated ?? this.level ?? levelOfLine(line));
    return metadata === undefined || Object.keys(metadata).length === 0
      ? detected
      : { ...detected, ...metadata };
  }

  private appendLast({ timeNs, line, metadata }: Entry): void {
    let chunk = this.chunks.at(-1);
    if (chunk === undefined || chunk.times.length >= chunkEntries) {
      chunk = { times: [], lines: [], metadata: [], bytes: 0 };
      this.chunks.push(chunk);
    }
    chunk.times.push(timeNs);
    chunk.lines.push(line);
    chunk.metadata.push(metadata);
    chunk.bytes += line.length + overhead;
  }

  private insert({ timeNs, line, metadata }: Entry): boolean {
    const chunk = this.chunks.find((candidate) => (candidate.times.at(-1) ?? 0n) >= timeNs);
    if (chunk === undefined) return false;
    let at = lowerBound(chunk.times, timeNs);
    for (; chunk.times[at] === timeNs; at += 1) if (chunk.lines[at] === line) return false;
    chunk.times.splice(at, 0, timeNs);
    chunk.lines.splice(at, 0, line);
    chunk.metadata.splice(at, 0, metadata);
    chunk.bytes += line.length + overhead;
    return true;
  }

  /** Drops the oldest chunk and says how many bytes went with it. */
  dropOldest(): number {
    const chunk = this.chunks.shift();
    if (chunk === undefined) return 0;
    this.bytes -= chunk.bytes;
    this.entries -= chunk.times.length;
    return chunk.bytes;
  }

  /** Whether any entry lies in [start, end). */
  hasIn(startNs: bigint, endNs: bigint): boolean {
    return new Cursor(this, startNs, endNs, false).next();
  }
}

/** Walks the entries of one stream in [start, end), forwards or backwards, without copying. */
export class Cursor {
  readonly stream: LogStream;
  timeNs = 0n;
  line = '';
  metadata: Labels = {};
  private readonly startNs: bigint;
  private readonly endNs: bigint;
  private readonly step: 1 | -1;
  private chunkAt: number;
  private at = 0;
  private stop = 0;
  private chunk: Chunk | undefined;

  constructor(stream: LogStream, startNs: bigint, endNs: bigint, backward: boolean) {
    this.stream = stream;
    this.startNs = startNs;
    this.endNs = endNs;
    this.step = backward ? -1 : 1;
    this.chunkAt = backward ? stream.chunks.length : -1;
  }

  next(): boolean {
    while (this.chunk === undefined || this.at === this.stop) if (!this.enter()) return false;
    this.timeNs = this.chunk.times[this.at] ?? 0n;
    this.line = this.chunk.lines[this.at] ?? '';
    this.metadata = this.chunk.metadata[this.at] ?? this.metadata;
    this.at += this.step;
    return true;
  }

  private enter(): boolean {
    for (;;) {
      this.chunkAt += this.step;
      const chunk = this.stream.chunks[this.chunkAt];
      if (chunk === undefined) return false;
      const first = chunk.times[0] ?? 0n;
      const last = chunk.times.at(-1) ?? 0n;
      if (last < this.startNs || first >= this.endNs) continue;
      const low = first >= this.startNs ? 0 : lowerBound(chunk.times, this.startNs);
      const high = last < this.endNs ? chunk.times.length : lowerBound(chunk.times, this.endNs);
      if (low >= high) continue;
      this.chunk = chunk;
      this.at = this.step === 1 ? low : high - 1;
      this.stop = this.step === 1 ? high : low - 1;
      return true;
    }
  }
}
