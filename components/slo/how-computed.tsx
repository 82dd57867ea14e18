'use client';

import { Sigma } from 'lucide-react';
import { Popover } from 'radix-ui';
import type { ReactNode } from 'react';

type HowComputedProps = {
  /** What is computed: the name of the figure. */
  name: string;
  /** The formula in words, then with its numbers filled in. */
  formula: string;
  numbers: string;
  /** What else has to be known to believe it. */
  notes?: readonly string[];
  /** The same question in PromQL, one query a role. */
  queries?: readonly string[];
};

/** A name inside a sentence: small at its beginning, unless it is one such as QPS or CPU. */
const inSentence = (name: string): string =>
  /^[A-Z][a-z]/.test(name) ? `${name.charAt(0).toLowerCase()}${name.slice(1)}` : name;

/** How a figure came to be: its formula, the same with numbers, and the query. Opened by a key as well. */
export function HowComputed({ name, formula, numbers, notes = [], queries = [] }: HowComputedProps) {
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label={`How computed: ${name}`}
        title="How computed"
        className="-my-1 inline-grid size-6 flex-none place-items-center rounded-control text-text-3 hover:bg-raised hover:text-text max-sm:-my-3 max-sm:size-11"
      >
        <Sigma aria-hidden className="size-3.5" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          collisionPadding={16}
          aria-label={`How ${inSentence(name)} is computed`}
          className="z-50 grid max-h-[min(70vh,var(--radix-popover-content-available-height))] w-110 max-w-[calc(100vw-32px)] gap-2 overflow-auto rounded-panel bg-surface p-3 shadow-float"
        >
          <p className="font-medium">How {inSentence(name)} is computed</p>
          <Formula>{formula}</Formula>
          <Formula>{numbers}</Formula>
          {notes.map((note) => (
            <p key={note} className="text-meta text-text-2">
              {note}
            </p>
          ))}
          {queries.length > 0 ? <p className="text-meta text-text-3">The same question in PromQL</p> : null}
          {queries.map((query) => (
            <Formula key={query}>{query}</Formula>
          ))}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

const Formula = ({ children }: { children: ReactNode }) => (
  <code className="block wrap-anywhere whitespace-pre-wrap rounded-control bg-raised p-2">{children}</code>
);
