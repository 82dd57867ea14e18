'use client';

import { useMemo, useState } from 'react';
import { formatBurn } from '@/components/ui/number-text';
import type { SloPage } from '@/lib/slo/page/contract';
import type { SloSpan } from '@/lib/slo/span/contract';
import { burnLevels } from './burn-chart';
import { valueAt } from './chart/budget-model';
import { burnScale, gapsOf, type Span } from './chart/frame';
import { Plot } from './chart/plot';
import { SpanPart } from './span-labels';

type SpanChartProps = { page: SloPage; cost: SloSpan; span: Span };

/** The burn within the span, finer than the charts of the whole window can show it. */
export function SpanChart({ page, cost, span }: SpanChartProps) {
  const [cursor, setCursor] = useState<number | null>(null);
  const drawn = useMemo(() => {
    const levels = burnLevels(page);
    return {
      lines: [{ key: 'burn', points: cost.steps, color: 'var(--accent)' }],
      scale: burnScale(
        cost.steps,
        levels.map(({ value }) => value),
      ),
      levels,
      gaps: gapsOf(cost.steps),
      stops: cost.steps.map(([at]) => at),
    };
  }, [page, cost]);
  return (
    <SpanPart title="Burn rate in it" isWide>
      <Plot
        label={`Burn rate within the span: ${cost.burn === null ? 'none' : formatBurn(cost.burn)} altogether`}
        span={span}
        {...drawn}
        height={148}
        ticks={5}
        format={(burn) => `${Number(burn.toPrecision(3))}×`}
        cursor={cursor}
        onCursor={setCursor}
        read={(at) => {
          const burn = valueAt(cost.steps, at);
          return burn === null ? [] : [{ name: 'burn', text: formatBurn(burn), color: 'var(--accent)' }];
        }}
      />
    </SpanPart>
  );
}
