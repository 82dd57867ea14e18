import { queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/core/paths';
import { getJson } from '@/lib/http/client';
import { AdoptedList, AdoptedPage } from './contract';

/** Objectives that other tools record in an environment. */
export const adoptedQuery = (environment: string) =>
  queryOptions({
    queryKey: ['slos', environment, 'adopted'],
    queryFn: ({ signal }) => getJson(AdoptedList, api.slosAdopted({ environment }), signal),
    refetchInterval: 30_000,
  });

/** One of them. */
export const adoptedPageQuery = (adopted: string, environment: string) =>
  queryOptions({
    queryKey: ['slos', environment, 'adopted', adopted],
    queryFn: ({ signal }) => getJson(AdoptedPage, api.sloAdopted(adopted, { environment }), signal),
    refetchInterval: 30_000,
  });
