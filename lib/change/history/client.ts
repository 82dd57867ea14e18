import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/core/paths';
import { getJson } from '@/lib/http/client';
import { HistoryView, MeasuresView } from './contract';

type HistoryFilter = { environment?: string; kind?: string; outcome?: string; before?: string };

/** Read again when the event stream tells of a change, as every query of changes. */
export const historyQuery = (service: string, filter: HistoryFilter) =>
  queryOptions({
    queryKey: ['changes', 'history', service, filter],
    queryFn: ({ signal }) => getJson(HistoryView, api.serviceHistory(service, filter), signal),
    refetchInterval: 15_000,
    placeholderData: keepPreviousData,
  });

export const measuresQuery = (asked: { service?: string; environment: string; days: string }) =>
  queryOptions({
    queryKey: ['changes', 'measures', asked],
    queryFn: ({ signal }) => getJson(MeasuresView, api.changeMeasures(asked), signal),
    refetchInterval: 60_000,
    placeholderData: keepPreviousData,
  });
