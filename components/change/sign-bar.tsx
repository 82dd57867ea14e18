'use client';

import { useState } from 'react';
import { useWritesRefused } from '@/components/shell/banners';
import { Button } from '@/components/ui/button';
import { LeverBar } from '@/components/ui/lever-bar';
import { TimeLeft } from '@/components/ui/time-ago';
import { roleNames } from '@/lib/access/model';
import { steerChange } from '@/lib/change/client';
import type { ChangeView } from '@/lib/change/contract';
import { needsTypedName } from '@/lib/change/typed-name';
import { isDataKind } from '@/lib/core/change-kind';
import { ReasonDialog } from './reason-dialog';
import { signWords } from './sign-words';
import { useAct } from './use-act';

type Open = 'sign' | 'reject' | 'withdraw' | 'cancel' | null;

/** Signing is its own act, never part of a list: role, plan and effect are named where the button is. */
export function SignBar({ view }: { view: ChangeView }) {
  const { change, you } = view;
  const [open, setOpen] = useState<Open>(null);
  const offline = useWritesRefused();
  const close = () => setOpen(null);
  const act = useAct(
    ({ command, body }: { command: Parameters<typeof steerChange>[1]; body: unknown }, key: string) =>
      steerChange(change.id, command, body, key),
    close,
  );
  const role = you.signRoles[0];
  const dialog = { busy: act.busy, problem: act.problem, onClose: close };
  const show = (next: Open) => {
    act.reset();
    setOpen(next);
  };
  const missing = view.signOffs
    .filter((each) => each.state === 'missing' || each.state === 'yours')
    .map((each) => each.roleName);
  return (
    <LeverBar
      sentence={
        role
          ? `Sign as ${roleNames[role]}: ${change.title}`
          : (you.refusals.sign ?? `Waits for ${missing.join(', ')}`)
      }
      note={
        <>
          Plan <span className="mono">{change.planHash.slice(0, 12)}</span>
          {change.expiresAt ? (
            <>
              {' · '}expires in <TimeLeft at={change.expiresAt} overdue="now" />
            </>
          ) : null}
        </>
      }
    >
      {you.isRequester ? (
        <Button refusal={offline ?? you.refusals.cancel} onClick={() => show('cancel')}>
          Cancel request
        </Button>
      ) : null}
      {you.refusals.withdraw === null ? (
        <Button onClick={() => show('withdraw')}>Take back sign-off</Button>
      ) : null}
      {role ? (
        <Button refusal={offline ?? you.refusals.reject} onClick={() => show('reject')}>
          Reject…
        </Button>
      ) : null}
      <Button
        kind="primary"
        refusal={
          offline ??
          (role ? you.refusals.sign : (you.refusals.sign ?? 'No missing sign-off is yours to give.'))
        }
        onClick={() => show('sign')}
      >
        {role ? `Sign as ${roleNames[role]}` : 'Sign'}
      </Button>
      {role ? (
        <>
          <ReasonDialog
            {...dialog}
            open={open === 'sign'}
            title={`Sign ${change.title}`}
            consequence={signWords(view, role).map((words) => <p key={words}>{words}</p>)}
            verb="Sign"
            optional
            typedName={needsTypedName(change.kind) ? change.service : null}
            onSubmit={(comment, confirmedName) =>
              act.run({
                command: 'sign-offs',
                body: { role, planHash: change.planHash, ...(comment ? { comment } : {}), confirmedName },
              })
            }
          />
          <ReasonDialog
            {...dialog}
            open={open === 'reject'}
            title={`Reject ${change.title}`}
            consequence="The request ends. It can be asked for again with a new plan."
            verb="Reject"
            danger
            onSubmit={(reason) =>
              act.run({ command: 'rejection', body: { role, planHash: change.planHash, reason } })
            }
          />
        </>
      ) : null}
      <ReasonDialog
        {...dialog}
        open={open === 'withdraw'}
        title="Take back your sign-off"
        consequence="The record keeps that you signed and took it back. The change waits for a sign-off in your role again."
        verb="Take back"
        onSubmit={(reason) => act.run({ command: 'withdrawal', body: { reason } })}
      />
      <ReasonDialog
        {...dialog}
        open={open === 'cancel'}
        title={`Cancel ${change.title}`}
        consequence={
          isDataKind(change.kind)
            ? 'The request ends; nothing was done.'
            : 'The request ends; nothing was changed in the cluster.'
        }
        verb="Cancel request"
        dismiss="Keep the request"
        onSubmit={(reason) => act.run({ command: 'cancellation', body: { reason } })}
      />
    </LeverBar>
  );
}
