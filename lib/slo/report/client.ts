import { queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/core/paths';
import { getJson, sendJson } from '@/lib/http/client';
import { type AddCorrection, Correction, MonthList, MonthReport } from './contract';

/** The months of which there is a report. */
export const monthsQuery = (environment: string) =>
  queryOptions({
    queryKey: ['reports', environment],
    queryFn: ({ signal }) => getJson(MonthList, api.reports(environment), signal),
    refetchInterval: 60_000,
  });

/** One month; the running one grows while one looks. */
export const reportQuery = (month: string, environment: string) =>
  queryOptions({
    queryKey: ['reports', environment, month],
    queryFn: ({ signal }) => getJson(MonthReport, api.report(month, { environment }), signal),
    refetchInterval: 60_000,
  });

export const addCorrection = (month: string) => (input: AddCorrection, key: string) =>
  sendJson(Correction, api.reportCorrections(month), input, key);
