import { byteSize, durationNs } from '../duration';
import { LokiError, tooManySeries } from '../error';
import { type Labels, labelText } from '../labels';
import type { Grouping, RangeQuery, Unwrap } from '../logql/ast';
import type { LogStore } from '../store/log-store';
import { Cursor, type LogStream } from '../store/stream';
import { passes } from './filters';
import { compile } from './pipeline';
import type { Row } from './row';
import { groupLabels } from './series';

/** The samples of one series: nanoseconds after the base time, ascending, and the value of each. */
export type Samples = { labels: Labels; offsets: number[]; values: number[] };

/** `fold` is the grouping that an outer sum allows to apply at once; `{ by: null }` folds all into one series. */
export type Collection = {
  store: LogStore;
  query: RangeQuery;
  baseNs: bigint;
  fromNs: bigint;
  toNs: bigint;
  fold: { by: Grouping | null } | null;
  /** The limit that the refusal names. */
  maxSeries: number;
};

/** Series that one range may collect before an aggregation has folded them. */
const maxCollected = 20_000;

function pipelineError(error: string, labels: Labels): LokiError {
  return new LokiError(
    400,
    `pipeline error: '${error}' for series: '${labelText(labels)}'.\n` +
      `Use a label filter to intentionally skip this error. (e.g | __error__!="${error}").\n` +
      'To skip all potential errors you can match empty errors.(e.g __error__="")\n' +
      'The label filter can also be specified after unwrap. (e.g | unwrap latency | __error__="" )\n',
  );
}

function unwrapped(row: Row, unwrap: Unwrap): number | null {
  const text = row.get(unwrap.label);
  if (text === undefined || text === '') return null;
  let value: number | null = Number(text);
  if (unwrap.conversion === 'bytes') value = byteSize(text);
  else if (unwrap.conversion !== null) value = (durationNs(text) ?? Number.NaN) / 1e9;
  if (value !== null && !Number.isNaN(value)) return value;
  row.fail('SampleExtractionErr', `cannot read ${JSON.stringify(text)} as a number`);
  return 0;
}

/** Collects samples in (fromNs, toNs] by series. Throws LokiError 400 for a line that a parser marked as broken. */
export function collect(collection: Collection): Samples[] {
  const collector = new Collector(collection);
  const { store, query, fromNs, toNs } = collection;
  for (const stream of store.select(query.log.matchers)) collector.stream(stream, fromNs + 1n, toNs + 1n);
  return [...collector.series.values()].map(inOrder);
}

class Collector {
  readonly series = new Map<string, Samples>();
  private readonly pipeline: ReturnType<typeof compile>;
  private readonly query: RangeQuery;
  private readonly baseNs: bigint;
  private readonly fold: { by: Grouping | null } | null;
  private readonly bytes: boolean;
  private readonly maxSeries: number;

  constructor({ query, baseNs, fold, maxSeries }: Collection) {
    this.maxSeries = maxSeries;
    this.query = query;
    this.baseNs = baseNs;
    this.fold = query.grouping === null ? fold : { by: query.grouping };
    this.pipeline = compile(query.log.stages);
    this.bytes = query.op === 'bytes_over_time' || query.op === 'bytes_rate';
  }

  stream(stream: LogStream, fromNs: bigint, toNs: bigint): void {
    const cursor = new Cursor(stream, fromNs, toNs, false);
    const plain = new Map<Labels, Samples>();
    const { unwrap } = this.query;
    while (cursor.next()) {
      const row = this.pipeline.run(cursor.line, stream.labels, cursor.metadata);
      if (row === null) continue;
      const value = unwrap === null ? this.valueOf(cursor.line) : unwrapped(row, unwrap);
      if (value === null || !this.kept(row)) continue;
      let target = row.plain ? plain.get(cursor.metadata) : undefined;
      if (target === undefined) {
        target = this.target(row);
        if (row.plain) plain.set(cursor.metadata, target);
      }
      target.offsets.push(Number(cursor.timeNs - this.baseNs));
      target.values.push(value);
    }
  }

  private valueOf(line: string): number {
    return this.bytes ? Buffer.byteLength(line) : 1;
  }

  /** Filters after unwrap, then errors: an ungrouped sum leaves broken lines out (unwrap) or counts them. */
  private kept(row: Row): boolean {
    const { unwrap } = this.query;
    const filters = unwrap?.after ?? [];
    if (!filters.every((stage) => stage.kind !== 'filter' || passes(stage.filter, row))) return false;
    const { error } = row;
    if (error === undefined) return true;
    const ungrouped = this.fold !== null && (this.fold.by === null || this.fold.by.labels.length === 0);
    if (!ungrouped) throw pipelineError(error, row.labels());
    return unwrap === null;
  }

  private target(row: Row): Samples {
    const labels = this.labelsOf(row);
    const key = this.keyOf(row, labels);
    const found = this.series.get(key);
    if (found !== undefined) return found;
    if (this.series.size >= maxCollected) throw tooManySeries(this.maxSeries);
    const made = { labels, offsets: [], values: [] };
    this.series.set(key, made);
    return made;
  }

  private keyOf(row: Row, labels: Labels): string {
    const grouping = this.fold?.by;
    if (this.fold !== null && grouping !== undefined && grouping?.without !== true) {
      return (grouping?.labels ?? []).map((name) => row.get(name) ?? '').join('\u0000');
    }
    return labelText(labels);
  }

  private labelsOf(row: Row): Labels {
    const grouping = this.fold?.by ?? null;
    if (this.fold !== null && grouping === null) return {};
    if (grouping !== null && !grouping.without) {
      const named = grouping.labels.map((name): [string, string] => [name, row.get(name) ?? '']);
      return Object.fromEntries(named.filter(([, value]) => value !== ''));
    }
    const labels = row.labels();
    if (this.query.unwrap !== null) delete labels[this.query.unwrap.label];
    return grouping === null ? labels : groupLabels(labels, grouping);
  }
}

/** Streams are walked one after the other, so a folded series may need sorting by time. */
function inOrder(samples: Samples): Samples {
  const { offsets, values } = samples;
  if (offsets.every((offset, at) => at === 0 || offset >= (offsets[at - 1] ?? 0))) return samples;
  const constant = values.every((value) => value === values[0]);
  if (constant) return { ...samples, offsets: Array.from(Float64Array.from(offsets).sort()) };
  const order = Uint32Array.from(offsets, (_, at) => at).sort(
    (a, b) => (offsets[a] ?? 0) - (offsets[b] ?? 0),
  );
  return {
    labels: samples.labels,
    offsets: Array.from(order, (at) => offsets[at] ?? 0),
    values: Array.from(order, (at) => values[at] ?? 0),
  };
}
