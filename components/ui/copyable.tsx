'use client';

import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { cx } from './class-names';

/** Longer ones are no use as a title: they would cover the page. */
const TITLE_MAX = 300;

/** A value with a button that copies it whole, also when only its start is shown. */
export function Copyable({
  text,
  shown = text,
  className,
}: {
  text: string;
  shown?: string;
  className?: string;
}) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <button
      type="button"
      onClick={copy}
      title={text.length > TITLE_MAX ? undefined : text}
      className={cx(
        'mono inline-flex min-h-6 items-center gap-1 rounded-control text-text-2 hover:text-text',
        className,
      )}
    >
      {shown}
      <span className="sr-only">{copied ? ', copied' : ', copy'}</span>
      {copied ? (
        <Check aria-hidden className="size-3 text-ok" />
      ) : (
        <Copy aria-hidden className="size-3 text-text-3" />
      )}
    </button>
  );
}
