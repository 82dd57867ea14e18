'use client';

import { Popover } from 'radix-ui';
import type { ReactNode } from 'react';
import { StateGlyph } from '@/components/ui/state';
import { TimeAgo } from '@/components/ui/time-ago';
import type { SourceChip, SourceState } from './sources';

type SourceLinesProps = { chips: SourceChip[]; triggerClass: string; children: ReactNode };

/** Each source in words, under its button, which looks as the one it replaces (source-bar.tsx). */
export function SourceLines({ chips, triggerClass, children }: SourceLinesProps) {
  return (
    <Popover.Root defaultOpen>
      <Popover.Trigger className={triggerClass}>{children}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          className="z-50 grid w-96 max-w-[calc(100vw-32px)] gap-2 rounded-panel bg-surface p-3 shadow-float"
        >
          {chips.flatMap((chip) =>
            chip.sources.map((source) => <SourceLine key={source.id} chip={chip} source={source} />),
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function SourceLine({ chip, source }: { chip: SourceChip; source: SourceState }) {
  return (
    <div className="flex gap-2">
      <StateGlyph tone={source.state === 'fresh' ? 'ok' : 'warn'} className="mt-0.5" />
      <div className="min-w-0">
        <p>
          {chip.name} <span className="mono text-text-3">{source.id}</span>
        </p>
        <p className="text-meta text-text-2">
          {source.observedAt ? (
            <>
              Last answer <TimeAgo at={source.observedAt} />
            </>
          ) : (
            'No answer yet'
          )}
          {source.detail ? `. ${source.detail}` : ''}
        </p>
      </div>
    </div>
  );
}
