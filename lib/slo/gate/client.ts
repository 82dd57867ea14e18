import { queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/core/paths';
import { getJson } from '@/lib/http/client';
import { GateView } from './contract';

/** Whether the error budget lets a deploy go its usual way. */
export const gateQuery = (service: string, environment: string) =>
  queryOptions({
    queryKey: ['slo', 'gate', service, environment],
    queryFn: ({ signal }) => getJson(GateView, api.serviceGate(service, environment), signal),
    refetchInterval: 15_000,
  });
