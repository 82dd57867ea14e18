'use client';

import { useState } from 'react';
import { ReasonDialog } from '@/components/change/reason-dialog';
import { useAct } from '@/components/change/use-act';
import { useWritesRefused } from '@/components/shell/banners';
import { Button } from '@/components/ui/button';
import { Time } from '@/components/ui/time-ago';
import type { Pin } from '@/lib/backup/contract';
import { letCopiesGo, pinCopy, unpinCopy } from '@/lib/backup/retention/client';
import type { RetentionLine, RetentionView } from '@/lib/backup/retention/contract';

type ActProps = {
  name: string;
  label: string;
  title: string;
  verb: string;
  danger?: boolean;
  consequence: React.ReactNode;
  refusal?: string | null;
  send: (reason: string, key: string) => Promise<unknown>;
};

/** A button that asks for a reason first. */
function Act({ name, label, title, verb, danger = false, consequence, refusal = null, send }: ActProps) {
  const [open, setOpen] = useState(false);
  const refused = useWritesRefused();
  const act = useAct(send, () => setOpen(false));
  return (
    <>
      <Button size="small" aria-label={label} refusal={refusal ?? refused} onClick={() => setOpen(true)}>
        {name}
      </Button>
      <ReasonDialog
        title={title}
        consequence={consequence}
        verb={verb}
        danger={danger}
        open={open}
        busy={act.busy}
        problem={act.problem}
        onClose={() => setOpen(false)}
        onSubmit={(reason) => act.run(reason)}
      />
    </>
  );
}

type PinsProps = { line: RetentionLine; mayPin: boolean };

/** Who holds a copy and why; whoever may can hold it, or take a pin off. */
export function Pins({ line, mayPin }: PinsProps) {
  return (
    <div className="grid gap-1">
      {line.pins.map((pin) => (
        <p key={pin.at} className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span>
            Pinned by {pin.by} on <Time at={pin.at} parts="short" className="mono" />: {pin.reason}
          </span>
          {mayPin ? <Unpin line={line} pin={pin} /> : null}
        </p>
      ))}
      {mayPin && (line.fate === 'stays' || line.fate === 'leaves' || line.fate === 'marked') ? (
        <span>
          <Act
            name="Pin…"
            label={`Pin the copy ${line.object}`}
            title="Pin this copy"
            verb="Pin"
            consequence={
              line.fate === 'marked'
                ? 'It is marked for deletion and kept again at once. It stays until somebody takes the pin off.'
                : 'It stays whatever retention says, until somebody takes the pin off.'
            }
            send={(reason, key) => pinCopy(line.copy)({ reason }, key)}
          />
        </span>
      ) : null}
    </div>
  );
}

const Unpin = ({ line, pin }: { line: RetentionLine; pin: Pin }) => (
  <Act
    name="Unpin…"
    label={`Unpin ${pin.reason} from the copy ${line.object}`}
    title={`Unpin: ${pin.reason}`}
    verb="Unpin"
    consequence="Retention decides about this copy again. Where no rule needs it, it is marked, and deleted after the grace."
    send={(why, key) => unpinCopy(line.copy)({ at: pin.at, why }, key)}
  />
);

/** Lets go what a run held back because it is much: exactly the list that stands on the page. */
export function LetGo({ view, name }: { view: RetentionView; name: string }) {
  const { awaits } = view;
  const words = `Let ${awaits.length} ${awaits.length === 1 ? 'copy' : 'copies'} go`;
  return (
    <Act
      name={`${words}…`}
      label={`${words}: ${name}`}
      title={`Let ${awaits.length} ${awaits.length === 1 ? 'copy' : 'copies'} of ${name} go`}
      verb="Let go"
      danger
      refusal={view.mayLetGo ? null : 'Only a lead may let copies go that retention held back.'}
      consequence="They are marked with the next run and deleted after the grace. Until then a pin keeps each of them. Copies that join the list later are not among them."
      send={(why, key) => letCopiesGo(view.database)({ copies: awaits, why }, key)}
    />
  );
}
