'use client';

import { useQuery } from '@tanstack/react-query';
import { OctagonX } from 'lucide-react';
import { useState } from 'react';
import { useWritesRefused } from '@/components/shell/banners';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { StateBadge } from '@/components/ui/state';
import { TimeAgo } from '@/components/ui/time-ago';
import { releaseSwitch, switchesQuery } from '@/lib/change/switch/client';
import type { SwitchList, SwitchView } from '@/lib/change/switch/contract';
import { toProblem } from '@/lib/http/client';
import { PullDialog } from './pull-dialog';
import { ReasonDialog } from './reason-dialog';
import { useAct } from './use-act';

/** The button that stops the line. It is there while nothing is wrong too, and always in one place. */
export function StopButton() {
  const { data } = useQuery(switchesQuery());
  const offline = useWritesRefused();
  const [open, setOpen] = useState(false);
  if (data === undefined || data.mayPull !== null) return null;
  return (
    <>
      <Button refusal={offline} onClick={() => setOpen(true)}>
        <OctagonX aria-hidden className="size-4 text-crit" />
        Stop…
      </Button>
      <PullDialog list={data} open={open} onClose={() => setOpen(false)} />
    </>
  );
}

/** What is stopped now and by whom; nothing at all while nothing is. */
export function SwitchPanel() {
  const { data, error, refetch } = useQuery(switchesQuery());
  if (data === undefined) {
    return error ? (
      <Panel title="Switches" className="mb-4">
        <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
      </Panel>
    ) : null;
  }
  if (data.switches.length === 0) return null;
  return <PulledSwitches list={data} />;
}

function PulledSwitches({ list }: { list: SwitchList }) {
  const [chosen, setChosen] = useState<SwitchView | null>(null);
  const offline = useWritesRefused();
  const act = useAct(releaseSwitch, () => setChosen(null));
  return (
    <Panel title="Stopped" note="nothing starts until it is released" className="mb-4">
      <ul>
        {list.switches.map((one) => (
          <li
            key={one.id}
            className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-b px-3 py-2 last:border-b-0 max-sm:px-4"
          >
            <StateBadge tone="crit">{one.title}</StateBadge>
            <p className="min-w-0 flex-1 basis-80">
              <span className="font-medium">{one.pulledBy}</span>, <TimeAgo at={one.pulledAt} />: {one.reason}{' '}
              <span className="text-text-2">{effect(one)}</span>
              {one.releaseAsked ? (
                <span className="block text-text-2">
                  {one.releaseAsked.by} asks to release it: {one.releaseAsked.reason}
                </span>
              ) : null}
            </p>
            <Button
              refusal={offline ?? one.refusal}
              onClick={() => {
                act.reset();
                setChosen(one);
              }}
            >
              {one.releaseAsked ? 'Confirm release…' : 'Release…'}
            </Button>
          </li>
        ))}
      </ul>
      <ReasonDialog
        key={chosen?.id ?? 'none'}
        title={`Release ${chosen?.title ?? ''}`}
        consequence={
          chosen?.releaseAsked
            ? `${chosen.releaseAsked.by} asked for it. With your confirmation changes go on where they stand.`
            : 'Another person has to confirm before anything goes on.'
        }
        verb={chosen?.releaseAsked ? 'Confirm release' : 'Ask for release'}
        open={chosen !== null}
        busy={act.busy}
        problem={act.problem}
        onClose={() => setChosen(null)}
        onSubmit={(reason) => chosen && act.run({ id: chosen.id, reason })}
      />
    </Panel>
  );
}

function effect({ verb, holds }: SwitchView): string {
  if (holds === 0) return 'No change is open there.';
  const changes = holds === 1 ? 'One open change' : `${holds} open changes`;
  return verb === 'freeze'
    ? `${changes}: what runs stays as it is, what waits does not start.`
    : `${changes}: what runs goes back, what waits does not start.`;
}
