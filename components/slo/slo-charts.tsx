'use client';

import { useState } from 'react';
import type { SloData, SloMode, SloPage } from '@/lib/slo/page/contract';
import { BudgetChart } from './budget-chart';
import { BurnChart, ErrorChart, RateChart } from './burn-chart';
import type { Brush } from './chart/brush';
import type { Span } from './chart/frame';
import type { PageChoice } from './page-url';
import { SpanPanel } from './span-panel';

type SloChartsProps = {
  page: SloPage;
  data: SloData;
  mode: SloMode;
  choice: PageChoice;
  onSpan: (span: Span | null) => void;
};

/** Budget, traffic, failures and burn under one crosshair; a span marked on one of them is marked on all. */
export function SloCharts({ page, data, mode, choice, onSpan }: SloChartsProps) {
  const [cursor, setCursor] = useState<number | null>(null);
  const [draft, setDraft] = useState<Span | null>(null);
  const chosen = choice.span ?? null;
  const brush: Brush = { draft, chosen, limit: mode.to, onDraft: setDraft, onChoose: onSpan };
  const shared = { page, cursor, onCursor: setCursor, brush };
  const small = { ...shared, data, span: { from: mode.from, to: mode.to } };
  return (
    <>
      <BudgetChart {...shared} mode={mode} onSpan={onSpan} />
      {chosen === null ? null : <SpanPanel page={page} choice={choice} span={chosen} onSpan={onSpan} />}
      <div className="grid gap-4 min-[1200px]:grid-cols-3">
        <RateChart {...small} />
        <ErrorChart {...small} />
        <BurnChart {...small} />
      </div>
    </>
  );
}
