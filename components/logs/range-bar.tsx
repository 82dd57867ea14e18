'use client';

import { Pause, Play } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { cx } from '@/components/ui/class-names';
import { TextField } from '@/components/ui/field';
import { formatTime, useZone } from '@/components/ui/time-ago';
import { type LogUrl, presetOf, ranges, readTime } from './log-url';
import type { TailState } from './use-tail';

type RangeBarProps = {
  url: LogUrl;
  mode: TailState['mode'];
  /** What the server said about the ends of the range. */
  errors: { from?: string | undefined; to?: string | undefined };
  onUrl: (part: Partial<LogUrl>) => void;
  onLive: () => void;
};

const segment =
  'flex h-8.5 items-center gap-1.5 border-line border-l px-2.75 first:border-l-0 hover:bg-raised max-sm:h-11 max-sm:flex-1 max-sm:justify-center max-sm:px-1.5';
const liveWord = { off: 'Live', live: 'Pause', paused: 'Live, paused' } as const;

/** When: presets, any two times, or as it happens. */
export function RangeBar({ url, mode, errors, onUrl, onLive }: RangeBarProps) {
  const preset = presetOf(url);
  const wrong = errors.from !== undefined || errors.to !== undefined;
  const [open, setOpen] = useState(false);
  const custom = open || preset === null || wrong;
  return (
    <>
      <fieldset className="flex overflow-hidden rounded-control border border-line-strong bg-surface">
        <legend className="sr-only">Time range</legend>
        {ranges.map((range) => (
          <button
            key={range}
            type="button"
            aria-pressed={mode === 'off' && preset === range}
            onClick={() => {
              setOpen(false);
              onUrl({ from: `now-${range}`, to: 'now', line: '' });
            }}
            className={cx(segment, preset === range && !custom ? 'bg-raised font-medium' : 'text-text-2')}
          >
            {range.replace(/(\d+)/, '$1\u00a0')}
          </button>
        ))}
        <button
          type="button"
          aria-expanded={custom}
          onClick={() => setOpen(!open)}
          className={cx(segment, custom ? 'bg-raised font-medium' : 'text-text-2')}
        >
          Custom
        </button>
        <button
          type="button"
          onClick={onLive}
          aria-pressed={mode === 'live'}
          className={cx(segment, 'border-control font-medium max-sm:flex-[1.6]')}
        >
          {mode === 'live' ? (
            <Pause aria-hidden className="size-3.5" />
          ) : (
            <Play aria-hidden className="size-3.5" />
          )}
          {liveWord[mode]}
        </button>
      </fieldset>
      {custom ? <Ends key={`${url.from} ${url.to}`} url={url} errors={errors} onUrl={onUrl} /> : null}
    </>
  );
}

function Ends({ url, errors, onUrl }: Pick<RangeBarProps, 'url' | 'errors' | 'onUrl'>) {
  const zone = useZone();
  const shown = (text: string) =>
    text.startsWith('now') || Number.isNaN(Date.parse(text))
      ? text
      : formatTime(new Date(text), zone, 'full');
  const [from, setFrom] = useState(() => shown(url.from));
  const [to, setTo] = useState(() => shown(url.to));
  const [wrong, setWrong] = useState<{ from?: string | undefined; to?: string | undefined }>(errors);
  const word = zone === 'utc' ? 'UTC' : 'local';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = { from: readTime(from, zone), to: readTime(to, zone) };
    const hint = 'Write now, now-15m or 2026-11-21 14:03.';
    setWrong({ from: read.from === null ? hint : undefined, to: read.to === null ? hint : undefined });
    if (read.from !== null && read.to !== null) onUrl({ from: read.from, to: read.to, line: '' });
  };
  return (
    <form onSubmit={submit} className="flex basis-full flex-wrap items-start gap-2">
      <div className="w-52 max-sm:min-w-0 max-sm:flex-1">
        <TextField
          label={`From (${word})`}
          value={from}
          error={wrong.from ?? errors.from}
          onChange={(event) => setFrom(event.target.value)}
        />
      </div>
      <div className="w-52 max-sm:min-w-0 max-sm:flex-1">
        <TextField
          label={`To (${word})`}
          value={to}
          error={wrong.to ?? errors.to}
          onChange={(event) => setTo(event.target.value)}
        />
      </div>
      <Button type="submit" className="h-9 sm:mt-6">
        Show range
      </Button>
    </form>
  );
}
