'use client';

import { useState } from 'react';
import { ReasonDialog } from '@/components/change/reason-dialog';
import { useAct } from '@/components/change/use-act';
import { useWritesRefused } from '@/components/shell/banners';
import { Button } from '@/components/ui/button';

type VoidButtonProps = {
  /** What is voided, as the title says it: "the entry Failover". */
  what: string;
  consequence: string;
  send: (reason: string, key: string) => Promise<unknown>;
};

/** Takes back what a person wrote. It stays to be seen, with who took it back and why. */
export function VoidButton({ what, consequence, send }: VoidButtonProps) {
  const [open, setOpen] = useState(false);
  const refused = useWritesRefused();
  const act = useAct(send, () => setOpen(false));
  return (
    <>
      <Button
        size="small"
        kind="quiet"
        aria-label={`Void ${what}`}
        refusal={refused}
        onClick={() => setOpen(true)}
      >
        Void
      </Button>
      <ReasonDialog
        title={`Void ${what}`}
        consequence={consequence}
        verb="Void"
        open={open}
        busy={act.busy}
        problem={act.problem}
        onClose={() => setOpen(false)}
        onSubmit={(reason) => act.run(reason)}
      />
    </>
  );
}
