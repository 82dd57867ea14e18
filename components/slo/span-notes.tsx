'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import type { SloPage } from '@/lib/slo/page/contract';
import type { Span } from './chart/frame';
import { entryFormParts } from './entry-form-parts';
import { LedgerEntryForm } from './ledger-entry-form';

/** A span that somebody can explain goes into the ledger with its times filled in. */
export function SpanNotes({ page, span }: { page: SloPage; span: Span }) {
  const [open, setOpen] = useState(false);
  const { ledger } = page;
  if (ledger === null || !ledger.mayAdd) return null;
  const times = {
    from: new Date(span.from * 1000).toISOString(),
    to: new Date(span.to * 1000).toISOString(),
  };
  return (
    <div className="border-line border-b px-3 py-2 max-sm:px-4">
      {open ? (
        <div className="max-w-160">
          <LedgerEntryForm {...entryFormParts(page, ledger)} span={times} onAdded={() => setOpen(false)} />
          <Button kind="quiet" onClick={() => setOpen(false)}>
            Cancel
          </Button>
        </div>
      ) : (
        <Button onClick={() => setOpen(true)}>Write down what spent it</Button>
      )}
    </div>
  );
}
