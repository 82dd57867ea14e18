import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/core/paths';
import { getJson } from '@/lib/http/client';
import { ServiceSlis } from './contract';

type Where = { service: string; environment: string; region: string };

/** The indicators of a service; the server reads them every 15 s. */
export const serviceSlisQuery = ({ service, environment, region }: Where) =>
  queryOptions({
    queryKey: ['service-slis', service, environment, region],
    queryFn: ({ signal }) => getJson(ServiceSlis, api.serviceSlis(service, { environment, region }), signal),
    refetchInterval: 15_000,
    placeholderData: keepPreviousData,
  });
