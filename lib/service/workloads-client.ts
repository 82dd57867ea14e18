import { queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/core/paths';
import { getJson } from '@/lib/http/client';
import { ServiceWorkloads } from './workloads-contract';

type Where = { service: string; environment: string; region: string };

export const serviceWorkloadsQuery = ({ service, environment, region }: Where) =>
  queryOptions({
    queryKey: ['workloads', service, environment, region],
    queryFn: ({ signal }) =>
      getJson(ServiceWorkloads, api.serviceWorkloads(service, { environment, region }), signal),
    // Polling is the fallback of the event stream.
    refetchInterval: 15_000,
  });
