import { queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/core/paths';
import { getJson } from '@/lib/http/client';
import { keptJson } from '@/lib/http/kept-json';
import { Fleet, FleetDays } from './fleet/contract';
import { linesOf } from './fleet/lines';
import { SloPage } from './page/contract';

const keptFleet = keptJson(Fleet, linesOf);
const keptDays = keptJson(FleetDays, (days) => days);

/** Every objective of an environment. */
export const fleetQuery = (environment: string) =>
  queryOptions({
    queryKey: ['slos', environment, 'fleet'],
    queryFn: ({ signal }) => keptFleet(api.slos(environment), signal),
    refetchInterval: 15_000,
  });

/** What each day spent of the budgets of an environment. */
export const fleetDaysQuery = (environment: string) =>
  queryOptions({
    queryKey: ['slos', environment, 'days'],
    queryFn: ({ signal }) => keptDays(api.sloDays(environment), signal),
    refetchInterval: 60_000,
  });

/** One objective; `exclusions` off counts what was excluded too. */
export const sloPageQuery = (
  slo: string,
  environment: string,
  exclusions: 'on' | 'off' = 'on',
  group?: string,
) =>
  queryOptions({
    queryKey: ['slo', slo, environment, exclusions, group ?? null],
    queryFn: ({ signal }) =>
      getJson(
        SloPage,
        api.slo(slo, { environment, exclusions, ...(group === undefined ? {} : { group }) }),
        signal,
      ),
    refetchInterval: 15_000,
  });
