import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/core/paths';
import { getJson } from '@/lib/http/client';
import { type LogLine, LogResult, type LogSearch } from './contract';

/** What the browser asks for; parts that are not set take the contract's defaults. */
export type LogAsk = Partial<Omit<LogSearch, 'limit'>> & { limit?: number };

const read = (ask: LogAsk, signal: AbortSignal): Promise<LogResult> => {
  const set = Object.entries(ask).flatMap(([key, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[key, String(value)]],
  );
  return getJson(LogResult, `${api.logs()}?${new URLSearchParams(set).toString()}`, signal);
};

/**
 * One search. A person reads the answer, so it stays as it is until they ask again; while `live` the tail
 * brings the lines and a slow repeat brings the volume.
 */
export const logsQuery = (ask: LogAsk, live: boolean) =>
  queryOptions({
    queryKey: ['logs', ask],
    queryFn: ({ signal }) => read(ask, signal),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchInterval: live ? 30_000 : false,
  });

const around = 20;
const tenMinutes = 600_000;
const iso = (ms: number) => new Date(ms).toISOString();

/** Up to 20 lines before and after one, of the same source, within ten minutes each way. */
export const contextQuery = (line: LogLine, query: string) =>
  queryOptions({
    queryKey: ['logs', 'context', line.ns, query],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const at = Date.parse(line.at);
      const limit = around + 5;
      const [before, after] = await Promise.all([
        read({ query, from: iso(at - tenMinutes), to: iso(at + 1), direction: 'backward', limit }, signal),
        read({ query, from: iso(at), to: iso(at + tenMinutes), direction: 'forward', limit }, signal),
      ]);
      return { before: before.lines, after: after.lines };
    },
  });
