import { durationNs, goDuration, modelDuration } from './duration';
import { LokiError } from './error';
import type { Limits } from './limits';

type Params = URLSearchParams;

/** Nanoseconds of `1795239569`, `1795239569.5`, nanoseconds, or RFC 3339. Throws LokiError 400 with Go's words. */
export function timeNs(name: string, text: string): bigint {
  if (/^-?\d+\.\d+$/.test(text)) {
    const [seconds = '0', fraction = ''] = text.split('.');
    return BigInt(seconds) * 1_000_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  }
  if (/^-?\d+$/.test(text)) return text.length <= 10 ? BigInt(text) * 1_000_000_000n : BigInt(text);
  const iso = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const ms = iso === null ? Number.NaN : Date.parse(`${iso[1]}${iso[3]}`);
  if (Number.isNaN(ms)) {
    const why = `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`;
    throw new LokiError(400, `could not parse '${name}' parameter: ${why}`);
  }
  return BigInt(ms) * 1_000_000n + BigInt((iso?.[2] ?? '').slice(0, 9).padEnd(9, '0'));
}

const optional = (params: Params, name: string): string | null => {
  const value = params.get(name);
  return value === null || value === '' ? null : value;
};

/** `start`, `end` and `since`; without them the last `defaultMs` up to now. Throws LokiError 400. */
export function timeRange(
  params: Params,
  nowMs: number,
  defaultMs: number,
): { startNs: bigint; endNs: bigint } {
  const nowNs = BigInt(Math.round(nowMs * 1000)) * 1000n;
  const end = optional(params, 'end');
  const endNs = end === null ? nowNs : timeNs('end', end);
  const start = optional(params, 'start');
  if (start !== null) return { startNs: timeNs('start', start), endNs };
  const since = optional(params, 'since');
  const backNs = since === null ? defaultMs * 1e6 : duration('since', since);
  const from = endNs < nowNs ? endNs : nowNs;
  return { startNs: from - BigInt(Math.round(backNs)), endNs };
}

function duration(name: string, text: string): number {
  const ns = durationNs(text);
  if (ns === null)
    throw new LokiError(400, `could not parse '${name}' parameter: time: invalid duration "${text}"`);
  return ns;
}

/** Refuses a range that is reversed or longer than the limit, in upstream's words. */
export function checkRange(startNs: bigint, endNs: bigint, limits: Limits): void {
  if (endNs < startNs) throw new LokiError(400, 'end timestamp must not be before or equal to start time');
  const ms = Number(endNs - startNs) / 1e6;
  if (ms <= limits.maxQueryLengthMs) return;
  const [asked, limit] = [goDuration(ms), modelDuration(limits.maxQueryLengthMs)];
  throw new LokiError(
    400,
    `the query time range exceeds the limit (query length: ${asked}, limit: ${limit})`,
  );
}

/** `limit`, 100 without one. Throws LokiError 400 when it is no number, not positive or above the maximum. */
export function entryLimit(params: Params, limits: Limits): number {
  const text = optional(params, 'limit') ?? '100';
  if (!/^[+-]?\d+$/.test(text)) {
    throw new LokiError(400, `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const limit = Number(text);
  if (limit <= 0) throw new LokiError(400, 'limit must be a positive value');
  if (limit <= limits.maxEntries) return limit;
  const shown = `(${limit} > ${limits.maxEntries})`;
  throw new LokiError(
    400,
    `max entries limit per query exceeded, limit > max_entries_limit_per_query ${shown}`,
  );
}

/** True for `backward`, the default; case does not matter. Throws LokiError 400. */
export function isBackward(params: Params): boolean {
  const text = optional(params, 'direction') ?? 'backward';
  const lower = text.toLowerCase();
  if (lower !== 'backward' && lower !== 'forward') throw new LokiError(400, `invalid direction '${text}'`);
  return lower === 'backward';
}

/** Seconds or a duration, in nanoseconds. Throws LokiError 400. */
export function stepNs(name: string, text: string): number {
  const ns = /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) * 1e9 : durationNs(text);
  if (ns === null) throw new LokiError(400, `cannot parse ${JSON.stringify(text)} to a valid duration`);
  if (ns <= 0 && name === 'step') {
    throw new LokiError(
      400,
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  }
  return ns;
}

/** `step`, or (end - start) / 250 in whole seconds, at least one. Refuses more points than the limit. */
export function queryStep(params: Params, startNs: bigint, endNs: bigint, limits: Limits): number {
  const text = optional(params, 'step');
  const lengthNs = Number(endNs - startNs);
  const step = text === null ? Math.max(1, Math.floor(lengthNs / 1e9 / 250)) * 1e9 : stepNs('step', text);
  if (lengthNs / step <= limits.maxPoints) return step;
  throw new LokiError(
    400,
    'exceeded maximum resolution of 11,000 points per time series. Try increasing the value of the step parameter',
  );
}

/** `interval` of a log query, zero without one. */
export function intervalNs(params: Params): bigint {
  const text = optional(params, 'interval');
  return text === null ? 0n : BigInt(Math.round(stepNs('interval', text)));
}
