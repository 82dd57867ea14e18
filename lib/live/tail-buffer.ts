import type { LogLine } from '@/lib/logs/contract';

/** At most ten frames a second, and so many lines in each: more than any person reads. */
export const flushMs = 100;
const maxLinesPerFlush = 100;

/** Gathers the lines of one tail between two frames; of a flood it keeps the newest and counts the rest. */
export class TailBuffer {
  private lines: LogLine[] = [];
  private dropped = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly send: (lines: LogLine[], dropped: number) => void;

  constructor(send: (lines: LogLine[], dropped: number) => void) {
    this.send = send;
  }

  add(lines: readonly LogLine[], dropped: number): void {
    this.lines.push(...lines);
    const over = Math.max(0, this.lines.length - maxLinesPerFlush);
    if (over > 0) this.lines.splice(0, over);
    this.dropped += dropped + over;
    this.timer ??= setTimeout(() => this.flush(), flushMs);
  }

  private flush(): void {
    this.timer = undefined;
    const { lines, dropped } = this;
    this.lines = [];
    this.dropped = 0;
    this.send(lines, dropped);
  }

  close(): void {
    clearTimeout(this.timer);
  }
}
