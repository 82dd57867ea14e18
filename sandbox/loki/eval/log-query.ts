import { type Labels, labelText, sortedLabels } from '../labels';
import type { LogQuery } from '../logql/ast';
import type { LogStore } from '../store/log-store';
import { Cursor, type LogStream } from '../store/stream';
import { compile, type Pipeline } from './pipeline';
import type { Row } from './row';

export type LogLine = { timeNs: bigint; row: Row };

/** Bounds of a query: [startNs, endNs), newest first when `backward`; `intervalNs` thins the answer out. */
export type LogRange = {
  startNs: bigint;
  endNs: bigint;
  backward: boolean;
  limit: number;
  intervalNs?: bigint;
};

/** The next line of one stream that passes the pipeline. */
class Head {
  timeNs = 0n;
  row: Row | null = null;
  private readonly cursor: Cursor;
  private readonly pipeline: Pipeline;

  constructor(stream: LogStream, range: LogRange, pipeline: Pipeline) {
    this.cursor = new Cursor(stream, range.startNs, range.endNs, range.backward);
    this.pipeline = pipeline;
  }

  advance(): boolean {
    const { cursor } = this;
    while (cursor.next()) {
      this.row = this.pipeline.run(cursor.line, cursor.stream.labels, cursor.metadata);
      this.timeNs = cursor.timeNs;
      if (this.row !== null) return true;
    }
    this.row = null;
    return false;
  }
}

/** Lines in time order over all matching streams, at most `limit`. */
export function selectLines(store: LogStore, query: LogQuery, range: LogRange): LogLine[] {
  const pipeline = compile(query.stages);
  const heads = store.select(query.matchers).map((stream) => new Head(stream, range, pipeline));
  const live = heads.filter((head) => head.advance());
  const found: LogLine[] = [];
  let last: bigint | null = null;
  while (found.length < range.limit) {
    const head = first(live, range.backward);
    if (head === null || head.row === null) break;
    if (last === null || farEnough(last, head.timeNs, range)) {
      found.push({ timeNs: head.timeNs, row: head.row });
      last = head.timeNs;
    }
    if (!head.advance()) live.splice(live.indexOf(head), 1);
  }
  return found;
}

function farEnough(last: bigint, at: bigint, range: LogRange): boolean {
  const interval = range.intervalNs ?? 0n;
  if (interval === 0n) return true;
  return range.backward ? at <= last - interval : at >= last + interval;
}

function first(heads: readonly Head[], backward: boolean): Head | null {
  let best: Head | null = null;
  for (const head of heads) {
    if (best === null || (backward ? head.timeNs > best.timeNs : head.timeNs < best.timeNs)) best = head;
  }
  return best;
}

type Value = [string, string] | [string, string, Record<string, Labels>];
export type StreamResult = { stream: Labels; values: Value[] };

/** Groups lines by their final labels, groups ordered by label text, as Loki's answers are. */
export function streamResults(lines: readonly LogLine[], categorize: boolean): StreamResult[] {
  const groups = new Map<string, StreamResult>();
  for (const { timeNs, row } of lines) {
    const { stream, extra } = categorised(row, categorize);
    const key = labelText(stream);
    const group = groups.get(key) ?? { stream: sortedLabels(stream), values: [] };
    group.values.push(extra === null ? [String(timeNs), row.line] : [String(timeNs), row.line, extra]);
    groups.set(key, group);
  }
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

function categorised(
  row: Row,
  categorize: boolean,
): { stream: Labels; extra: Record<string, Labels> | null } {
  if (!categorize) return { stream: row.labels(), extra: null };
  const { stream, structuredMetadata, parsed } = row.categories();
  const extra: Record<string, Labels> = {};
  if (Object.keys(structuredMetadata).length > 0)
    extra['structuredMetadata'] = sortedLabels(structuredMetadata);
  if (Object.keys(parsed).length > 0) extra['parsed'] = sortedLabels(parsed);
  return { stream, extra };
}
