import type { HttpSource } from '@/lib/config/sources';
import type { IndicatorQueries } from '../define/indicator';
import type { GroupCounts } from './groups';

/** What a span of Prometheus said. `empty`: no series of the total at all, which is never taken for zero. */
export type Answer = { groups: GroupCounts; empty: boolean; warnings: string[]; samples: number };

/** Where an indicator is asked: every server that serves a region of it. */
export type Asked = {
  sources: readonly (HttpSource & { scrapeInterval: number })[];
  indicator: IndicatorQueries;
  /** Good events come from buckets of a histogram, which are there whenever its count is. */
  histogram: boolean;
  signal: AbortSignal;
};
export type One = Omit<Asked, 'sources'> & { source: Asked['sources'][number] };
export type Counters = Extract<IndicatorQueries, { kind: 'counters' }>;
