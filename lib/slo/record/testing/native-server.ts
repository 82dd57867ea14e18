import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Given, Seen } from '@/lib/sources/testing/answer-server';

/**
 * A server of Prometheus 3.5.3 that plays recorded answers again: its flags and version, a native histogram over time
 * with its count, and a quantile of it. What our own queries ask of that histogram follows from these: of all
 * observations the recorded quantile is below its value, and NaN is that of a histogram without any.
 */
export const metric = 'prometheus_http_request_duration_seconds';
const folder = path.join(import.meta.dirname, '../../../sources/prometheus/golden');
const Golden = z.object({ path: z.string(), status: z.number(), type: z.string(), body: z.unknown() });
const golden = (name: string) =>
  Golden.parse(JSON.parse(fs.readFileSync(path.join(folder, `${name}.json`), 'utf8')));
export function replay(name: string): Given {
  const { status, type, body } = golden(name);
  return { status, type, body: typeof body === 'string' ? body : JSON.stringify(body, withoutElided) };
}
/** The captures are cut: what stands for items that were left out is not from the server. */
const withoutElided = (_key: string, value: unknown): unknown =>
  Array.isArray(value)
    ? value.filter((one) => typeof one !== 'string' || !one.endsWith('elided by the capture'))
    : value;

const Labels = z.record(z.string(), z.string());
const Body = <T extends z.ZodType>(item: T) =>
  z.object({ body: z.object({ data: z.object({ result: z.array(item) }) }) });
const Histogram = z.tuple([z.number(), z.object({ count: z.string() })]);
/** How many observations there were at each recorded moment. */
export const counts = Body(z.object({ histograms: z.array(z.union([Histogram, z.string()])) }))
  .parse(golden('query_range-native-histogram'))
  .body.data.result.flatMap(({ histograms }) =>
    histograms.flatMap((one) => (typeof one === 'string' ? [] : [Number(one[1].count)])),
  );
export const quantiles = Body(z.object({ metric: Labels, value: z.tuple([z.number(), z.string()]) }))
  .parse(golden('query-native-histogram-quantile'))
  .body.data.result.map(({ metric, value }) => ({ handler: metric['handler'] ?? '', below: value[1] }));
const [quiet, first] = quantiles;
if (quiet === undefined || first === undefined) throw new Error('The recorded quantiles are missing.');
/** The handler with observations, and the bound that 90 % of them were within. */
export const busy = first;
const quantile = 0.9;

/** How the server answers: with what beside its series, and as which version. */
export type Playing = { more: object; version: 'status-buildinfo' | 'v242-buildinfo' };
export const asRecorded: Playing = { more: {}, version: 'status-buildinfo' };

/** The recorded steps of the count one after the other, one for each five minutes that are asked for. */
function range(form: URLSearchParams, more: object): Given {
  const [from, to] = [Number(form.get('start')), Number(form.get('end'))];
  const steps = counts.slice(1).map((count, index) => count - (counts[index] ?? count));
  const ends = Array.from({ length: Math.max(0, (to - from) / 300 + 1) }, (_, index) => from + index * 300);
  const series = (handler: string, figure: string, value: (step: number) => string) => ({
    metric: { handler, signalbox_figure: figure },
    values: ends.map((end, index) => [end, value(steps[index % steps.length] ?? 0)]),
  });
  const result = [
    series(busy.handler, 'total', String),
    series(busy.handler, 'other', (step) => String(step * quantile)),
    series(quiet?.handler ?? '', 'total', () => '0'),
    series(quiet?.handler ?? '', 'other', () => quiet?.below ?? ''),
  ];
  return { body: JSON.stringify({ status: 'success', data: { resultType: 'matrix', result }, ...more }) };
}

export function respond({ url, form }: Seen, { more, version }: Playing = asRecorded): Given {
  if (url.pathname === '/api/v1/status/buildinfo') return replay(version);
  if (url.pathname === '/api/v1/status/flags') {
    return version === 'status-buildinfo' ? replay('status-flags') : replay('err-404');
  }
  if (url.pathname.startsWith('/api/v1/label/')) return replay('label-values');
  if (url.pathname === '/api/v1/query_range') return range(form, more);
  const query = form.get('query') ?? '';
  if (version === 'v242-buildinfo' || !query.includes('histogram_count')) return replay('query-empty');
  const result = [{ metric: {}, value: [1_795_244_188.441, String(counts.at(-1))] }];
  return { body: JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }) };
}
