'use client';

import { useState } from 'react';
import { useWritesRefused } from '@/components/shell/banners';
import { Button } from '@/components/ui/button';
import { LeverBar } from '@/components/ui/lever-bar';
import { steerChange } from '@/lib/change/client';
import type { ChangeView } from '@/lib/change/contract';
import { undoLabel, whatOf } from '@/lib/change/words';
import { ReasonDialog } from './reason-dialog';
import { useAct } from './use-act';

type Outcome = 'Succeeded' | 'BackedOut' | 'Failed';

/** The database has lost rows of this change: only somebody who looks at the cluster can say how it ended. */
export function StatementBar({ view }: { view: ChangeView }) {
  const { change, plan, you } = view;
  const [open, setOpen] = useState<Outcome | null>(null);
  const offline = useWritesRefused();
  const act = useAct(
    (input: { outcome: Outcome; reason: string }, key: string) =>
      steerChange(change.id, 'statement', input, key),
    () => setOpen(null),
  );
  const isRestore = plan.data?.do === 'restore';
  const words: Record<Outcome, string> = {
    Succeeded: isRestore ? 'The restored database is in use' : `${plan.to.version} runs as planned`,
    BackedOut: isRestore ? 'The old database is in use' : `It is back at ${undoLabel(whatOf(plan))}`,
    Failed: 'Neither: it failed',
  };
  const where = isRestore ? 'the server of the database' : 'the cluster';
  const choices: Outcome[] = ['Succeeded', 'BackedOut', 'Failed'];
  return (
    <LeverBar
      sentence={`Look at ${where}, then say how it ended`}
      note={`Nothing is written to ${where}. Other changes of this workload wait until somebody does.`}
    >
      {choices.map((outcome) => (
        <Button
          key={outcome}
          refusal={offline ?? you.refusals.state}
          onClick={() => {
            act.reset();
            setOpen(outcome);
          }}
        >
          {words[outcome]}
        </Button>
      ))}
      {open === null ? null : (
        <ReasonDialog
          title={words[open]}
          consequence="The change ends with your statement; its record says that it is yours."
          verb="State it"
          open
          busy={act.busy}
          problem={act.problem}
          onClose={() => setOpen(null)}
          onSubmit={(reason) => act.run({ outcome: open, reason })}
        />
      )}
    </LeverBar>
  );
}
