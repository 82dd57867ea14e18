import { queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/core/paths';
import { getJson } from '@/lib/http/client';
import { SloSpan, SpanLabels } from './contract';

/** Unix seconds. */
type Asked = {
  slo: string;
  environment: string;
  from: number;
  to: number;
  exclusions: 'on' | 'off';
  group?: string;
};

const instant = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
const queryOf = ({ environment, from, to, exclusions, group }: Asked) => ({
  environment,
  ...(group === undefined ? {} : { group }),
  from: instant(from),
  to: instant(to),
  exclusions,
});

/** What a span cost; it is asked again as the page is, since late samples and exclusions change it. */
export const spanQuery = (asked: Asked) =>
  queryOptions({
    queryKey: ['slo', asked.slo, 'span', asked],
    queryFn: ({ signal }) => getJson(SloSpan, api.sloPart(asked.slo, 'span', queryOf(asked)), signal),
    refetchInterval: 30_000,
  });

/** Which labels failed in it: asked of Prometheus once, for a person who looks. */
export const spanLabelsQuery = (asked: Asked) =>
  queryOptions({
    queryKey: ['slo', asked.slo, 'span labels', asked],
    queryFn: ({ signal }) =>
      getJson(SpanLabels, api.sloPart(asked.slo, 'span/labels', queryOf(asked)), signal),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
