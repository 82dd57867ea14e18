import { queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/core/paths';
import { getJson } from '@/lib/http/client';
import { Me } from './contract';

/** Who is signed in and what waits for them; the live stream makes it refetch, polling is the fallback. */
export const meQuery = () =>
  queryOptions({
    queryKey: ['me'],
    queryFn: ({ signal }) => getJson(Me, api.me(), signal),
    refetchInterval: 30_000,
  });
