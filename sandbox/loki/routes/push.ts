import { z } from 'zod';
import type { Context } from '../context';
import { LokiError } from '../error';
import { type Answer, type Call, noContent } from '../http';
import { type Labels, labelText, withServiceName } from '../labels';
import type { NewEntry } from '../store/log-store';

const Metadata = z.record(z.string(), z.string());
/** Nanoseconds since 1970; nineteen digits reach the year 2286. */
const Time = z.string().regex(/^\d{1,19}$/);
const Value = z.union([z.tuple([Time, z.string()]), z.tuple([Time, z.string(), Metadata])]);
const PushRequest = z.object({
  streams: z.array(z.object({ stream: z.record(z.string(), z.string()), values: z.array(Value) })),
});
type PushRequest = z.infer<typeof PushRequest>;

const second = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

function parse(call: Call): PushRequest {
  const type = call.header('content-type')?.split(';')[0]?.trim() ?? '';
  if (type !== 'application/json') {
    throw new LokiError(
      415,
      `Content-Type: ${type || 'none'} is not supported by this server, send application/json\n`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(call.body.toString('utf8'));
  } catch {
    throw new LokiError(400, 'loghttp.PushRequest.Streams: []loghttp.LogProtoStream: the body is not JSON\n');
  }
  const parsed = PushRequest.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join('.') ?? '';
  throw new LokiError(
    400,
    `loghttp.PushRequest.Streams: []loghttp.LogProtoStream: unmarshalerDecoder: ${where}: ${issue?.message}\n`,
  );
}

/** What is wrong with one entry, in upstream's words; null when it is accepted. */
function entryError(
  entry: NewEntry,
  labels: Labels,
  newestNs: bigint | null,
  context: Context,
): string | null {
  const { limits, now } = context;
  const text = labelText(labels);
  const ms = Number(entry.timeNs / 1_000_000n);
  const oldest = now() - limits.rejectOlderMs;
  if (ms < oldest) {
    const bound = second(oldest);
    return `entry for stream '${text}' has timestamp too old: ${second(ms)}, oldest acceptable timestamp is: ${bound}`;
  }
  if (ms > now() + limits.creationGraceMs)
    return `entry for stream '${text}' has timestamp too new: ${second(ms)}`;
  const size = Buffer.byteLength(entry.line);
  if (size > limits.maxLineBytes) {
    const limit = `max entry size '${limits.maxLineBytes}' bytes exceeded for stream '${text}'`;
    return `${limit} while adding an entry with length '${size}' bytes`;
  }
  const behind = newestNs === null ? null : Number(newestNs / 1_000_000n) - limits.maxBehindMs;
  if (behind === null || ms >= behind) return null;
  return tooFarBehind(ms, behind, text, context.tenant);
}

function tooFarBehind(ms: number, behind: number, stream: string, tenant: string): string {
  const full = `${new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.?0*Z$/, '')} +0000 UTC`;
  return (
    `entry with timestamp ${full} ignored, reason: 'entry too far behind, entry timestamp is: ${second(ms)}, ` +
    `oldest acceptable timestamp is: ${second(behind)}',\n` +
    `user '${tenant}', total ignored: 1 out of 1 for stream: ${stream}`
  );
}

/** Bytes of this second, per tenant, for the ingestion limit. */
const windows = new WeakMap<object, { second: number; bytes: number }>();

function checkRate(request: PushRequest, context: Context): void {
  const limit = context.limits.ingestionBytesPerSecond;
  if (limit === null) return;
  const lines = request.streams.flatMap(({ values }) => values);
  const bytes = lines.reduce((total, [, line]) => total + Buffer.byteLength(line), 0);
  const second = Math.floor(context.now() / 1000);
  const last = windows.get(context.store);
  const used = last?.second === second ? last.bytes : 0;
  if (used + bytes <= limit) {
    windows.set(context.store, { second, bytes: used + bytes });
    return;
  }
  throw new LokiError(
    429,
    `ingestion rate limit exceeded for user ${context.tenant} (limit: ${limit} bytes/sec) while attempting to ingest ` +
      `'${lines.length}' lines totaling '${bytes}' bytes, reduce log volume or contact your Loki administrator to see ` +
      'if the limit can be increased\n',
  );
}

/** POST /loki/api/v1/push: 204, or 400 with the reasons after the good entries are stored. */
export function push(call: Call, context: Context): Answer {
  const request = parse(call);
  checkRate(request, context);
  const errors: string[] = [];
  for (const { stream, values } of request.streams) {
    const labels = withServiceName(stream);
    const count = Object.keys(stream).length;
    if (count > context.limits.maxLabelNames) {
      errors.push(
        `entry for stream '${labelText(labels)}' has ${count} label names; limit ${context.limits.maxLabelNames}`,
      );
      continue;
    }
    for (const [time, line, metadata] of values) {
      const entry: NewEntry = { timeNs: BigInt(time), line, ...(metadata === undefined ? {} : { metadata }) };
      const target = context.store.stream(labels);
      const error = entryError(entry, labels, target.lastNs, context);
      if (error === null) context.store.push(labels, [entry]);
      else errors.push(error);
    }
  }
  if (errors.length > 0) throw new LokiError(400, `${errors.join('\n')}\n`);
  return noContent;
}
