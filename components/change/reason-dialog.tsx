'use client';

import { type ReactNode, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextArea } from '@/components/ui/field';
import { ProblemPanel } from '@/components/ui/problem-panel';
import type { Problem } from '@/lib/http/client';

type ReasonDialogProps = {
  title: string;
  consequence: ReactNode;
  verb: string;
  danger?: boolean;
  optional?: boolean;
  open: boolean;
  busy: boolean;
  problem: Problem | null;
  onClose: () => void;
  onSubmit: (reason: string) => void;
};

/** An act that needs a reason: title is verb and object, the button repeats the verb. */
export function ReasonDialog({
  title,
  consequence,
  verb,
  danger = false,
  optional = false,
  open,
  busy,
  problem,
  onClose,
  onSubmit,
}: ReasonDialogProps) {
  const [reason, setReason] = useState('');
  const refusal = optional || reason.trim().length > 0 ? null : 'Say why first.';
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={title}
      description={consequence}
      action={
        <Button
          kind={danger ? 'danger' : 'primary'}
          refusal={refusal}
          busy={busy}
          onClick={() => onSubmit(reason.trim())}
        >
          {verb}
        </Button>
      }
    >
      <TextArea
        label={optional ? 'Comment (optional)' : 'Reason'}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      {problem ? <ProblemPanel problem={problem} /> : null}
    </Dialog>
  );
}
