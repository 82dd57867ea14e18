'use client';

import { useState } from 'react';
import { useAct } from '@/components/change/use-act';
import { useWritesRefused } from '@/components/shell/banners';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { SelectField } from '@/components/ui/field';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { requestDrill } from '@/lib/backup/drill/client';
import type { DrillsView } from '@/lib/backup/drill/contract';
import { choiceText } from './drill-words';

type RehearseProps = { view: DrillsView; name: string; mayRehearse: boolean };

/** Asks for a drill: which copy, and what it does and does not touch. */
export function Rehearse({ view, name, mayRehearse }: RehearseProps) {
  const [open, setOpen] = useState(false);
  const [copy, setCopy] = useState<string | null>(null);
  const refused = useWritesRefused();
  const act = useAct(requestDrill(view.database), () => setOpen(false));
  const known = view.choices.find((choice) => choice.copy === copy) ?? view.choices[0];
  const refusal = mayRehearse ? view.refusal : 'Only an SRE or a lead may rehearse a restore.';
  return (
    <>
      <Button
        size="small"
        aria-label={`Rehearse a restore of ${name}`}
        refusal={refusal ?? refused}
        onClick={() => setOpen(true)}
      >
        Rehearse a restore…
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Rehearse a restore of ${name}`}
        description="A worker restores the copy into a database of its own on the scratch server, measures each phase, looks at it as at level 4, and drops it. The database itself and its service are not touched. The scratch server has the load of a whole restore meanwhile, and the copy is not deleted."
        action={
          <Button
            kind="primary"
            busy={act.busy}
            refusal={known === undefined ? 'There is no good copy.' : null}
            onClick={() => act.run(known === undefined ? {} : { copy: known.copy })}
          >
            Rehearse
          </Button>
        }
      >
        <SelectField label="Copy" value={known?.copy ?? ''} onChange={({ target }) => setCopy(target.value)}>
          {view.choices.map((choice, index) => (
            <option key={choice.copy} value={choice.copy}>
              {index === 0 ? 'Newest: ' : ''}
              {choiceText(choice)}
            </option>
          ))}
        </SelectField>
        {act.problem ? <ProblemPanel problem={act.problem} /> : null}
      </Dialog>
    </>
  );
}
