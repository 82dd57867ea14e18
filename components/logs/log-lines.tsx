'use client';

import { type RefObject, useState } from 'react';
import { Button } from '@/components/ui/button';
import { cx } from '@/components/ui/class-names';
import { EmptyState } from '@/components/ui/empty-state';
import { ReadingNote } from '@/components/ui/reading-value';
import type { LogLine, LogResult } from '@/lib/logs/contract';
import { LogDetail } from './log-detail';
import { amountOf, LogHead, TailBar } from './log-head';
import { LogList } from './log-list';
import { type LogUrl, urlOf } from './log-url';
import { lineKey } from './narrow';
import { usePhone } from './use-phone';
import type { TailAct, TailState } from './use-tail';

type LogLinesProps = {
  url: LogUrl;
  data: LogResult;
  lines: LogLine[];
  tail: TailState;
  act: (act: TailAct) => void;
  list: RefObject<HTMLDivElement | null>;
  onUrl: (part: Partial<LogUrl>) => void;
  onRetry: () => void;
};

/** A link that finds its line again: an absolute range that ends just after it. */
function linkTo(line: LogLine, query: string, url: LogUrl): string {
  const at = Date.parse(line.at);
  const href = urlOf({
    ...url,
    query,
    from: new Date(at - 600_000).toISOString(),
    to: new Date(at + 2000).toISOString(),
    line: lineKey(line),
  });
  return typeof window === 'undefined' ? href : new URL(href, window.location.origin).toString();
}

/** The lines with their head and, beside or above them, the chosen one. */
export function LogLines({ url, data, lines, tail, act, list, onUrl, onRetry }: LogLinesProps) {
  const phone = usePhone();
  const newestFirst = url.order === 'newest';
  const [byKey, setByKey] = useState('');
  // Walking the list chooses a line; the URL names the one that is open.
  const [walked, setWalked] = useState('');
  const chosen = lines.find((line) => lineKey(line) === url.line);
  const active = walked === '' ? url.line : walked;
  const walk = (key: string) => {
    act({ type: 'pause' });
    setWalked(key);
    if (url.line !== '') onUrl({ line: key });
  };
  const open = (key: string, focus: boolean) => {
    act({ type: 'pause' });
    setWalked(key);
    setByKey(focus ? key : '');
    onUrl({ line: key });
  };
  const close = () => {
    onUrl({ line: '' });
    list.current?.focus();
  };
  return (
    <div className={cx('grid', chosen && 'lg:grid-cols-[minmax(0,1fr)_368px]')}>
      <div className="min-w-0">
        <LogHead
          amount={amountOf(lines.length, tail.shown.length > 0 ? { limited: false, about: null } : data)}
          url={url}
          onUrl={onUrl}
        />
        <ReadingNote reading={data.lines} what="Lines" />
        {data.lines.state === 'fresh' ? null : (
          <div className="border-line border-b p-2">
            <Button size="small" onClick={onRetry}>
              Try again
            </Button>
          </div>
        )}
        <TailBar tail={tail} newestFirst={newestFirst} onResume={() => act({ type: 'resume' })} />
        {lines.length > 0 ? (
          <LogList
            lines={lines}
            wrap={url.wrap}
            phone={phone}
            search={url.text}
            active={active}
            box={list}
            newestFirst={newestFirst}
            live={tail.mode === 'live'}
            onActive={walk}
            onOpen={(key, focus) => open(key, focus)}
            onAtEnd={(atEnd) => {
              if (!atEnd) act({ type: 'pause' });
            }}
          />
        ) : data.lines.state === 'missing' ? null : (
          <Nothing url={url} onUrl={onUrl} />
        )}
      </div>
      {chosen ? (
        <LogDetail
          key={lineKey(chosen)}
          line={chosen}
          query={data.query}
          link={linkTo(chosen, data.query, url)}
          focus={byKey === lineKey(chosen)}
          onQuery={(query) => onUrl({ query, service: '', region: '', level: '', text: '', line: '' })}
          onClose={close}
        />
      ) : null}
    </div>
  );
}

function Nothing({ url, onUrl }: Pick<LogLinesProps, 'url' | 'onUrl'>) {
  const filtered =
    url.service !== '' || url.region !== '' || url.level !== '' || url.text !== '' || url.query !== '';
  return (
    <EmptyState
      title="No line in this range"
      why={
        filtered
          ? 'Nothing that was written in this range matches the search.'
          : 'Nothing was written in this range, or it is older than the logs that are kept.'
      }
      action={
        <div className="flex gap-2">
          <Button onClick={() => onUrl({ from: 'now-24h', to: 'now', line: '' })}>
            Search the last 24 h
          </Button>
          {filtered ? (
            <Button
              onClick={() => onUrl({ service: '', region: '', level: '', text: '', query: '', line: '' })}
            >
              Clear the search
            </Button>
          ) : null}
        </div>
      }
    />
  );
}
