import 'server-only';
import type { Config } from '@/lib/config/schema';
import type { HttpSource } from '@/lib/config/sources';
import { isOpsError, OpsError } from '@/lib/core/errors';
import { fresh, missing, type Reading, stale } from '@/lib/core/reading';
import { now } from '@/lib/core/time';
import type { Point } from '@/lib/service/contract';
import { environmentOf, serves } from '@/lib/service/placements';
import {
  compareNs,
  type Line,
  lokiName,
  queryLines,
  queryMatrix,
  queryVector,
} from '@/lib/sources/loki/client';
import { lineCount, volumeByLevel } from '@/lib/sources/loki/logql';
import { SourceError, toSourceError } from '@/lib/sources/source-error';
import { type Level, type LogLine, type LogResult, type LogSearch, levels } from './contract';
import { levelOf, toLogLine } from './line';
import { searchQuery } from './query';
import { parseRange, toNs, volumeStep } from './time-range';

/** Loki's default limit of one query. */
const serverLimit = 5000;

type Asked = { query: string; from: number; to: number; signal?: AbortSignal | undefined };

/** Loki's own sentence about a wrong query becomes our answer; other failures stay readings. */
function refuseBadQuery(error: SourceError): void {
  if (!error.isBadQuestion || error.answer === undefined) return;
  throw new OpsError('invalid', `Loki cannot run this query: ${error.answer}`, {
    next: 'Correct the query; its place is named by line and column where Loki knows it.',
    fields: [{ path: 'query', message: error.answer }],
  });
}

/** Every source's answer; fails only when all failed. `broken` is the first failure. */
async function fromAll<T>(
  sources: readonly HttpSource[],
  read: (source: HttpSource) => Promise<T>,
): Promise<{ values: T[]; broken: SourceError | null }> {
  const results = await Promise.all(
    sources.map(async (source) => {
      try {
        return { value: await read(source) };
      } catch (error) {
        return { error: toSourceError(error, lokiName(source)) };
      }
    }),
  );
  const errors = results.flatMap((result) => ('error' in result ? [result.error] : []));
  for (const error of errors) refuseBadQuery(error);
  return {
    values: results.flatMap((result) => ('value' in result ? [result.value] : [])),
    broken: errors[0] ?? null,
  };
}

/** One dead Loki of several makes the answer stale: lines may be missing from it. */
function reading<T, U>(
  answer: { values: T[]; broken: SourceError | null },
  join: (all: T[]) => U,
): Reading<U> {
  const { values, broken } = answer;
  if (broken === null) return fresh(join(values), now());
  if (values.length === 0) return missing(broken.reason, broken.message);
  return stale(join(values), now().toISOString(), broken.reason, broken.message);
}

async function readLines(
  sources: readonly HttpSource[],
  asked: Asked,
  search: Pick<LogSearch, 'limit' | 'direction'>,
): Promise<{ lines: Reading<LogLine[]>; limited: boolean }> {
  // One more than asked for tells whether the limit cut the answer.
  const limit = Math.min(search.limit + 1, serverLimit);
  const answer = await fromAll(sources, (source) =>
    queryLines(source, asked.query, {
      from: toNs(asked.from),
      to: toNs(asked.to),
      limit,
      direction: search.direction,
      signal: asked.signal,
    }),
  );
  const sign = search.direction === 'forward' ? 1 : -1;
  const merged: Line[] = answer.values.flat().sort((a, b) => sign * compareNs(a.ns, b.ns));
  return {
    lines: reading(answer, () => merged.slice(0, search.limit).map(toLogLine)),
    limited: merged.length > search.limit || answer.values.some((lines) => lines.length >= serverLimit),
  };
}

async function readVolume(
  sources: readonly HttpSource[],
  asked: Asked,
  step: number,
): Promise<LogResult['volume']> {
  const answer = await fromAll(sources, (source) =>
    queryMatrix(source, volumeByLevel(asked.query, step), {
      from: toNs(asked.from),
      to: toNs(asked.to),
      step,
      signal: asked.signal,
    }),
  ).catch((error: unknown) => {
    // The list has told what is wrong with the query; a volume alone that cannot be counted is no error.
    const broken = isOpsError(error, 'invalid')
      ? new SourceError('bad-response', error.message)
      : toSourceError(error, 'The volume of lines');
    return { values: [], broken };
  });
  return reading(answer, (all) => {
    const counts = new Map<Level, Map<number, number>>();
    for (const { labels, points } of all.flat()) {
      const level = levelOf(labels['detected_level'] ?? labels['level']);
      const perStep = counts.get(level) ?? new Map<number, number>();
      for (const { seconds, value } of points) {
        perStep.set(seconds, (perStep.get(seconds) ?? 0) + (Number.isFinite(value) ? value : 0));
      }
      counts.set(level, perStep);
    }
    return levels.flatMap((level) => {
      const perStep = counts.get(level);
      return perStep === undefined ? [] : [{ level, points: onSteps(perStep, asked, step) }];
    });
  });
}

/** A step without lines has no point in Loki's answer: here that is zero, for the server did answer. */
function onSteps(perStep: Map<number, number>, { from, to }: Asked, step: number): Point[] {
  const first = Math.ceil(from / 1000 / step) * step;
  const last = Math.ceil(to / 1000 / step) * step;
  return Array.from({ length: Math.max(0, (last - first) / step + 1) }, (_, index): Point => {
    const end = first + index * step;
    // Each count covers the step before its time; a bar begins where its step begins.
    return [end - step, perStep.get(end) ?? 0];
  });
}

async function readAbout(sources: readonly HttpSource[], asked: Asked): Promise<number | null> {
  const seconds = Math.ceil((asked.to - asked.from) / 1000);
  try {
    const { values, broken } = await fromAll(sources, (source) =>
      queryVector(source, lineCount(asked.query, seconds), { at: toNs(asked.to), signal: asked.signal }),
    );
    if (broken !== null) return null;
    return values.flat().reduce((sum, { value }) => sum + value, 0);
  } catch {
    return null;
  }
}

/**
 * A log search. Throws OpsError `invalid` for a wrong query or range, with Loki's sentence; a Loki that does
 * not answer is in the readings.
 */
export async function logsView(config: Config, search: LogSearch, signal?: AbortSignal): Promise<LogResult> {
  const environment = environmentOf(config, search.environment);
  const query = searchQuery(config, { ...search, environment: search.query ? undefined : environment });
  const { from, to } = parseRange(search, now());
  const step = volumeStep((to - from) / 1000);
  const sources = config.sources.loki.filter((source) => serves(source, environment, search.region ?? null));
  const asked = { query, from, to, signal };
  const base = {
    query,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    stepSeconds: step,
    services: config.services.filter(({ placements }) => placements[environment]).map(({ id }) => id),
  };
  if (sources.length === 0) {
    const none = missing('not-configured', 'No Loki is configured for this environment.');
    return { ...base, lines: none, limited: false, about: null, volume: none };
  }
  const [{ lines, limited }, volume] = await Promise.all([
    readLines(sources, asked, search),
    readVolume(sources, asked, step),
  ]);
  const shown = lines.state === 'missing' ? 0 : lines.value.length;
  const about = limited ? await readAbout(sources, asked) : lines.state === 'fresh' ? shown : null;
  return { ...base, lines, limited, about, volume };
}
