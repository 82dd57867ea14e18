'use client';

import { Minus, Plus, X } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Button, IconButton } from '@/components/ui/button';
import { StateGlyph, toneText } from '@/components/ui/state';
import { Time, useZone } from '@/components/ui/time-ago';
import type { LogLine } from '@/lib/logs/contract';
import { levelTone } from './level';
import { plainLine } from './line-text';
import { LineText } from './line-text-view';
import { LogContext } from './log-context';
import { clockOf } from './log-row';
import { narrow, type Part, traceQuery } from './narrow';

type LogDetailProps = {
  line: LogLine;
  /** LogQL of the search, which "filter for" and "filter out" make narrower. */
  query: string;
  /** Absolute link to this line. */
  link: string;
  focus: boolean;
  onQuery: (query: string) => void;
  onClose: () => void;
};

/** One line in full. Beside the list, or a sheet above the bottom bar of a phone. */
export function LogDetail({ line, query, link, focus, onQuery, onClose }: LogDetailProps) {
  const zone = useZone();
  const head = useRef<HTMLHeadingElement>(null);
  const [context, setContext] = useState(false);
  // External system: the focus follows a line that was opened by key, so that reading goes on there.
  useEffect(() => {
    if (focus) head.current?.focus();
  }, [focus]);
  const tone = levelTone[line.level];
  const trace = traceQuery(line);
  return (
    <aside
      aria-label="Chosen line"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
      className="flex min-w-0 flex-col border-line max-lg:border-t max-sm:fixed max-sm:inset-x-0 max-sm:bottom-14 max-sm:z-30 max-sm:h-66.5 max-sm:rounded-t-dialog max-sm:bg-surface max-sm:shadow-float lg:h-[calc(max(300px,calc(100vh-392px))+37px)] lg:border-l"
    >
      <header className="flex min-h-9 flex-none items-center gap-2 border-line border-b pr-1.5 pl-3 max-sm:pl-4">
        <h2 ref={head} tabIndex={-1} className="flex min-w-0 items-center gap-2 outline-none">
          {tone ? <StateGlyph tone={tone} /> : null}
          <span className={tone ? `font-medium ${toneText[tone]}` : 'text-text-2'}>{line.level}</span>
          <span className="mono truncate text-text-2">{clockOf(line.at, zone)}</span>
        </h2>
        <IconButton label="Close the line" className="ml-auto" onClick={onClose}>
          <X aria-hidden />
        </IconButton>
      </header>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        tabIndex={0}
        aria-label="The line in full"
        className="min-h-0 flex-1 overflow-auto p-3 max-sm:px-4"
      >
        <p className="mono whitespace-pre-wrap text-meta leading-5 [overflow-wrap:anywhere]">
          <LineText text={line.message} />
        </p>
        <div className="mt-2.5 flex flex-wrap gap-2">
          {trace ? (
            <Button size="small" onClick={() => onQuery(trace)}>
              Lines of this trace
            </Button>
          ) : null}
          <Button size="small" aria-expanded={context} onClick={() => setContext(!context)}>
            ±20 lines
          </Button>
          <CopyButton text={line.line} word="Copy line" />
          <CopyButton text={link} word="Copy link" />
        </div>
        {context ? <LogContext line={line} /> : null}
        <Values
          title="Labels"
          from="label"
          values={line.labels}
          line={line}
          query={query}
          onQuery={onQuery}
        />
        <Values
          title="Fields"
          from="field"
          values={line.fields}
          line={line}
          query={query}
          onQuery={onQuery}
        />
        {Object.keys(line.fields).length === 0 ? (
          <p className="mt-3 text-meta text-text-3">The line is not JSON, so it has no fields.</p>
        ) : null}
        <h3 className="mt-4 mb-1 font-medium">As it was written</h3>
        <pre className="mono whitespace-pre-wrap text-meta text-text-2 [overflow-wrap:anywhere]">
          <LineText text={line.line} />
        </pre>
        <p className="mt-2 text-meta text-text-3">
          <Time at={line.at} parts="full" /> · {line.ns} ns
        </p>
      </section>
    </aside>
  );
}

type ValuesProps = {
  title: string;
  from: Part['from'];
  values: Record<string, string>;
  line: LogLine;
  query: string;
  onQuery: (query: string) => void;
};

function Values({ title, from, values, line, query, onQuery }: ValuesProps): ReactNode {
  const entries = Object.entries(values);
  if (entries.length === 0) return null;
  const filter = (name: string, value: string, out: boolean) =>
    onQuery(narrow(query, { name, value, from }, out, line.labels));
  return (
    <>
      <h3 className="mt-4 mb-1 font-medium">{title}</h3>
      <dl>
        {entries.map(([name, value]) => (
          <div key={name} className="grid grid-cols-[104px_minmax(0,1fr)_auto] items-start gap-2">
            <dt className="mono truncate text-meta text-text-3 leading-6" title={plainLine(name)}>
              {plainLine(name)}
            </dt>
            <dd className="mono min-w-0 text-meta leading-6 [overflow-wrap:anywhere]">
              <LineText text={value} />
            </dd>
            <dd className="flex">
              <IconButton
                label={`Filter for ${plainLine(name)}`}
                className="size-6"
                onClick={() => filter(name, value, false)}
              >
                <Plus aria-hidden />
              </IconButton>
              <IconButton
                label={`Filter out ${plainLine(name)}`}
                className="size-6"
                onClick={() => filter(name, value, true)}
              >
                <Minus aria-hidden />
              </IconButton>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function CopyButton({ text, word }: { text: string; word: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <Button size="small" onClick={copy}>
      {copied ? 'Copied' : word}
    </Button>
  );
}
