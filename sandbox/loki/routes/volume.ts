import type { Context } from '../context';
import { LokiError } from '../error';
import { type Answer, type Call, json } from '../http';
import { type Labels, labelText, sortedLabels } from '../labels';
import type { Matcher } from '../logql/ast';
import { isMetric, parseQuery } from '../logql/parse';
import { checkRange, queryStep, timeRange } from '../params';
import { Cursor, type LogStream } from '../store/stream';
import { queryStats } from './stats';

const hour = 3_600_000;

type Request = { matchers: Matcher[]; startNs: bigint; endNs: bigint };

function read(call: Call, context: Context): Request {
  const { startNs, endNs } = timeRange(call.params, context.now(), hour);
  const query = parseQuery(call.params.get('query') ?? '');
  if (isMetric(query)) throw new LokiError(400, 'only log selector is supported');
  checkRange(startNs, endNs, context.limits);
  return { matchers: query.matchers, startNs, endNs };
}

/** GET or POST /loki/api/v1/index/stats: exact here, an estimate upstream. */
export function indexStats(call: Call, context: Context): Answer {
  const { matchers, startNs, endNs } = read(call, context);
  const total = { streams: 0, chunks: 0, bytes: 0, entries: 0 };
  for (const stream of context.store.select(matchers)) {
    const cursor = new Cursor(stream, startNs, endNs, false);
    let entries = 0;
    for (; cursor.next(); entries += 1) total.bytes += Buffer.byteLength(cursor.line);
    if (entries === 0) continue;
    total.streams += 1;
    total.entries += entries;
    total.chunks += Math.ceil(entries / 2048);
  }
  return json(total);
}

/** Labels a stream's volume counts under: the target labels, else those the selector names. */
function volumeLabels(stream: LogStream, call: Call, matchers: readonly Matcher[]): Labels | null {
  const targets = (call.params.get('targetLabels') ?? '').split(',').filter((name) => name !== '');
  const wanted = targets.length > 0 ? targets : matchers.map(({ name }) => name);
  const found = Object.entries(stream.labels).filter(([name]) => wanted.includes(name));
  return found.length === 0 ? null : Object.fromEntries(found);
}

type Volume = { labels: Labels; total: number; buckets: Map<number, number> };

function volumes(call: Call, context: Context, request: Request, stepNs: number): Volume[] {
  const groups = new Map<string, Volume>();
  for (const stream of context.store.select(request.matchers)) {
    const labels = volumeLabels(stream, call, request.matchers);
    if (labels === null) continue;
    const key = labelText(labels);
    const group = groups.get(key) ?? { labels, total: 0, buckets: new Map<number, number>() };
    const cursor = new Cursor(stream, request.startNs, request.endNs, false);
    while (cursor.next()) {
      const bytes = Buffer.byteLength(cursor.line);
      const bucket = Math.floor(Number(cursor.timeNs / 1_000_000n) / (stepNs / 1e6));
      group.total += bytes;
      group.buckets.set(bucket, (group.buckets.get(bucket) ?? 0) + bytes);
    }
    if (group.total > 0) groups.set(key, group);
  }
  const limit = Number(call.params.get('limit') ?? 100);
  return [...groups.values()].sort((a, b) => b.total - a.total).slice(0, Number.isNaN(limit) ? 100 : limit);
}

const success = (resultType: string, result: object[]): Answer =>
  json({ status: 'success', data: { resultType, result, stats: queryStats(0, result.length) } });

/** GET or POST /loki/api/v1/index/volume: bytes by label, the greatest first. */
export function indexVolume(call: Call, context: Context): Answer {
  const request = read(call, context);
  const at = Number(request.endNs / 1_000_000n) / 1000;
  const found = volumes(call, context, request, Number(hour) * 1e6);
  return success(
    'vector',
    found.map(({ labels, total }) => ({ metric: sortedLabels(labels), value: [at, String(total)] })),
  );
}

/** GET or POST /loki/api/v1/index/volume_range: each bucket stands at its end less a millisecond. */
export function indexVolumeRange(call: Call, context: Context): Answer {
  const request = read(call, context);
  const stepNs = queryStep(call.params, request.startNs, request.endNs, context.limits);
  const endOf = (bucket: number): number => ((bucket + 1) * stepNs) / 1e9 - 0.001;
  return success(
    'matrix',
    volumes(call, context, request, stepNs).map(({ labels, buckets }) => ({
      metric: sortedLabels(labels),
      values: [...buckets]
        .sort(([a], [b]) => a - b)
        .map(([bucket, bytes]) => [Number(endOf(bucket).toFixed(3)), String(bytes)]),
    })),
  );
}
