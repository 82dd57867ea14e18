import { queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/core/paths';
import { getJson } from '@/lib/http/client';
import { SloBacktest } from './contract';

type Asked = { slo: string; environment: string; exclusions: 'on' | 'off'; group?: string; rule?: string };

/** What the alerts would have done; with `rule` also its burn over time. The past changes slowly. */
export const backtestQuery = ({ slo, ...asked }: Asked) =>
  queryOptions({
    queryKey: ['slo', slo, 'backtest', asked],
    queryFn: ({ signal }) => getJson(SloBacktest, api.sloPart(slo, 'backtest', asked), signal),
    refetchInterval: 120_000,
  });
