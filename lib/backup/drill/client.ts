import { queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/core/paths';
import { getJson, sendJson } from '@/lib/http/client';
import { DrillList, type RequestDrill, RequestedDrill } from './contract';

/** The drills of an environment's databases; while one is under way its phases are looked at as they end. */
export const drillsQuery = (environment: string) =>
  queryOptions({
    queryKey: ['backup-drills', environment],
    queryFn: ({ signal }) => getJson(DrillList, api.backupDrills(environment), signal),
    refetchInterval: ({ state }) =>
      state.data?.databases.some(({ underWay }) => underWay !== null) === true ? 2_000 : 30_000,
  });

export const requestDrill = (database: string) => (input: RequestDrill, key: string) =>
  sendJson(RequestedDrill, api.backupDrill(database), input, key);
