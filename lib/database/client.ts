import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/core/paths';
import { getJson } from '@/lib/http/client';
import { ServiceDatabase } from './contract';

type Where = { service: string; environment: string; region: string };

/** The database of a service; the server asks it every 10 s while somebody looks. */
export const serviceDatabaseQuery = ({ service, environment, region }: Where) =>
  queryOptions({
    queryKey: ['service-database', service, environment, region],
    queryFn: ({ signal }) =>
      getJson(ServiceDatabase, api.serviceDatabase(service, { environment, region }), signal),
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
  });
