'use client';

import { type ReactNode, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextArea } from '@/components/ui/field';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { TypedName } from '@/components/ui/typed-name';
import type { Problem } from '@/lib/http/client';

type ReasonDialogProps = {
  title: string;
  consequence: ReactNode;
  verb: string;
  danger?: boolean;
  optional?: boolean;
  /** The name that has to be typed first; null or absent: none. */
  typedName?: string | null;
  /** What is typed where it is no reason. */
  label?: string | undefined;
  /** The word that leaves without doing anything; `Cancel` when absent. */
  dismiss?: string | undefined;
  open: boolean;
  busy: boolean;
  problem: Problem | null;
  onClose: () => void;
  onSubmit: (reason: string, confirmedName?: string) => void;
};

const missingWords = (label: string): string =>
  label === 'Reason' ? 'Say why first.' : `${label}: say it first.`;

/** An act that needs a reason: title is verb and object, the button repeats the verb. */
export function ReasonDialog({
  title,
  consequence,
  verb,
  danger = false,
  optional = false,
  typedName = null,
  label = 'Reason',
  dismiss,
  open,
  busy,
  problem,
  onClose,
  onSubmit,
}: ReasonDialogProps) {
  const [reason, setReason] = useState('');
  const [name, setName] = useState('');
  const said = optional || reason.trim().length > 0;
  const named = typedName === null || name.trim() === typedName;
  const refusal = !said
    ? missingWords(label)
    : named
      ? null
      : name.trim() === ''
        ? `Type the name of the service first: ${typedName}.`
        : `What was typed is not the name of the service: ${typedName}.`;
  // The hint of its field says already what to type.
  const isSaidBelow = said && name.trim() === '';
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={title}
      description={consequence}
      missing={isSaidBelow ? null : refusal}
      dismiss={dismiss}
      action={
        <Button
          kind={danger ? 'danger' : 'primary'}
          refusal={refusal}
          busy={busy}
          onClick={() => onSubmit(reason.trim(), typedName === null ? undefined : name)}
        >
          {verb}
        </Button>
      }
    >
      <TextArea
        label={optional ? 'Comment (optional)' : label}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      {typedName === null ? null : <TypedName name={typedName} value={name} onChange={setName} />}
      {problem ? <ProblemPanel problem={problem} /> : null}
    </Dialog>
  );
}
