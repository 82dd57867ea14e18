import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/core/paths';
import { getJson } from '@/lib/http/client';
import { OverviewView, type Range, ServiceCharts, ServiceList, ServiceView } from './contract';

/** Polling is the fallback of the event stream: slow, and stopped while the tab is hidden. */
const calm = 15_000;

export const overviewQuery = (environment: string) =>
  queryOptions({
    queryKey: ['overview', environment],
    queryFn: ({ signal }) => getJson(OverviewView, api.overview(environment), signal),
    refetchInterval: (query) => (query.state.data?.running.length ? 5000 : 10_000),
  });

export const servicesQuery = (environment: string) =>
  queryOptions({
    queryKey: ['services', environment],
    queryFn: ({ signal }) => getJson(ServiceList, api.services(environment), signal),
    refetchInterval: calm,
  });

type Where = { service: string; environment: string; region: string };

export const serviceQuery = ({ service, environment, region }: Where) =>
  queryOptions({
    queryKey: ['service', service, environment, region],
    queryFn: ({ signal }) => getJson(ServiceView, api.service(service, { environment, region }), signal),
    refetchInterval: calm,
    placeholderData: keepPreviousData,
  });

export const serviceChartsQuery = ({ service, environment, region }: Where, range: Range) =>
  queryOptions({
    queryKey: ['service-charts', service, environment, region, range],
    queryFn: ({ signal }) =>
      getJson(ServiceCharts, api.serviceCharts(service, { environment, region, range }), signal),
    refetchInterval: calm,
    placeholderData: keepPreviousData,
  });
