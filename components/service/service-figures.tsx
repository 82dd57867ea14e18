'use client';

import { formatBurn, formatRate, formatRatio, formatSeconds } from '@/components/ui/number-text';
import { reasonWords } from '@/components/ui/reading-value';
import type { Tone } from '@/components/ui/state';
import { TimeAgo } from '@/components/ui/time-ago';
import type { Reading } from '@/lib/core/reading';
import type { Levels, ServiceView } from '@/lib/service/contract';
import { bandTone, Figure, FigureRow } from './figure';
import { limitText } from './sli-text';

type One = {
  reading: Reading<number>;
  format: (value: number) => string;
  tone?: (value: number) => Tone | null;
  note: string;
};

function ReadFigure({ label, reading, format, tone, note }: One & { label: string }) {
  if (reading.state === 'missing') {
    return (
      <Figure label={label} note={reading.detail ?? reasonWords[reading.reason]}>
        <span className="text-text-3">No data</span>
      </Figure>
    );
  }
  if (reading.state === 'stale') {
    return (
      <Figure
        label={label}
        note={
          <>
            <TimeAgo at={reading.observedAt} />: {reading.detail ?? reasonWords[reading.reason]}
          </>
        }
      >
        <span className="text-text-3">{format(reading.value)}</span>
      </Figure>
    );
  }
  return (
    <Figure label={label} tone={tone?.(reading.value) ?? null} note={note}>
      {format(reading.value)}
    </Figure>
  );
}

const limitNote = (unit: 'seconds' | 'ratio', { target, warning, critical }: Levels): string =>
  `target ${limitText(unit, target)}, warn ${limitText(unit, warning)}, critical ${limitText(unit, critical)}`;

/** Rate, errors, duration and the budget (RED), errors and duration against the limits of their indicators. */
export function ServiceFigures({ view }: { view: ServiceView }) {
  const { limits } = view;
  const { figures } = view.row;
  const burn = figures.burnRate1h.state === 'missing' ? null : figures.burnRate1h.value;
  return (
    <FigureRow>
      <ReadFigure
        label="Requests"
        reading={figures.requestRate}
        format={formatRate}
        note="over the last 5 min"
      />
      <ReadFigure
        label="Error share"
        reading={figures.errorRatio}
        format={formatRatio}
        tone={(ratio) => bandTone(ratio, limits.errorRatio)}
        note={limitNote('ratio', limits.errorRatio)}
      />
      <ReadFigure
        label="p95 latency"
        reading={figures.p95Seconds}
        format={formatSeconds}
        tone={(seconds) => bandTone(seconds, limits.p95Seconds)}
        note={limitNote('seconds', limits.p95Seconds)}
      />
      <ReadFigure
        label="Budget left"
        reading={figures.budgetLeft}
        format={(left) => formatRatio(left, 1)}
        tone={(left) => (left < 0 ? 'crit' : null)}
        note={
          burn === null
            ? 'burn of the last hour is not known'
            : `burning ${formatBurn(burn)} over the last hour`
        }
      />
    </FigureRow>
  );
}
