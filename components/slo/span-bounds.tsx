'use client';

import { type FormEvent, useContext, useState } from 'react';
import { ZoneChoice } from '@/components/shell/zone-choice';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import type { Span } from './chart/frame';
import { fieldTime, instantOf, zoneHint } from './ledger-times';

type SpanBoundsProps = { span: Span; onSpan: (span: Span) => void };

const textOf = (seconds: number, zone: 'utc' | 'local'): string =>
  fieldTime(new Date(seconds * 1000).toISOString(), zone);

/** The bounds typed: a chart of a month is too coarse to draw a quarter of an hour. */
export function SpanBounds({ span, onSpan }: SpanBoundsProps) {
  const { zone } = useContext(ZoneChoice);
  const [from, setFrom] = useState(() => textOf(span.from, zone));
  const [to, setTo] = useState(() => textOf(span.to, zone));
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [first, last] = [instantOf(from, zone), instantOf(to, zone)];
    const [begin, end] = [Date.parse(first ?? '') / 1000, Date.parse(last ?? '') / 1000];
    const wrong = Number.isNaN(begin + end)
      ? 'Say when it began and when it ended.'
      : end <= begin
        ? 'The end must be after the beginning.'
        : null;
    setProblem(wrong);
    if (wrong === null) onSpan({ from: begin, to: end });
  };
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-3 px-3 py-2.5 max-sm:px-4" noValidate>
      <TextField
        label="Span from"
        type="datetime-local"
        step={300}
        value={from}
        onChange={(event) => setFrom(event.target.value)}
      />
      <TextField
        label={`Span to (${zoneHint(zone)})`}
        type="datetime-local"
        step={300}
        value={to}
        error={problem ?? undefined}
        onChange={(event) => setTo(event.target.value)}
      />
      <Button type="submit">Show this span</Button>
    </form>
  );
}
