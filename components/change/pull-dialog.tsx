'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { SelectField, TextArea } from '@/components/ui/field';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { pullSwitch } from '@/lib/change/switch/client';
import type { PullSwitch, SwitchList, SwitchScope, SwitchVerb } from '@/lib/change/switch/contract';
import { useAct } from './use-act';

const verbs: Record<SwitchVerb, { label: string; consequence: string }> = {
  freeze: {
    label: 'FREEZE: leave all as it is',
    consequence:
      'Running changes stand still where they are, in both directions; nothing new starts. An abort given meanwhile is carried out after the release.',
  },
  'back-out': {
    label: 'BACK OUT: send what runs back',
    consequence: 'Running changes go back to where they came from at once; nothing new starts.',
  },
};
const scopes: Record<SwitchScope, string> = {
  everywhere: 'Everywhere',
  cluster: 'One cluster',
  service: 'One service',
};

/** Stops the line: no approval, a reason, and two people to release it. */
export function PullDialog({
  list,
  open,
  onClose,
}: {
  list: SwitchList;
  open: boolean;
  onClose: () => void;
}) {
  const [verb, setVerb] = useState<SwitchVerb>('freeze');
  const [scope, setScope] = useState<SwitchScope>('everywhere');
  const [target, setTarget] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const act = useAct(pullSwitch, () => {
    setReason('');
    onClose();
  });
  const targets = scope === 'cluster' ? list.clusters.map((id) => ({ id, name: id })) : list.services;
  const choose = (next: SwitchScope) => {
    setScope(next);
    const first = { everywhere: null, cluster: list.clusters[0], service: list.services[0]?.id }[next];
    setTarget(first ?? null);
  };
  const input: PullSwitch = { verb, scope, target, reason: reason.trim() };
  const missing = input.reason === '' ? 'Say why first.' : null;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="Stop changes"
      description={`${verbs[verb].consequence} No approval is needed; releasing takes two people.`}
      missing={missing}
      action={
        <Button kind="danger" refusal={missing} busy={act.busy} onClick={() => act.run(input)}>
          {verb === 'freeze' ? 'Pull FREEZE' : 'Pull BACK OUT'}
        </Button>
      }
    >
      <SelectField
        label="Switch"
        value={verb}
        onChange={(event) => setVerb(event.target.value === 'freeze' ? 'freeze' : 'back-out')}
      >
        {Object.entries(verbs).map(([key, { label }]) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Where"
        value={scope}
        onChange={({ target: { value } }) =>
          choose(value === 'cluster' || value === 'service' ? value : 'everywhere')
        }
      >
        {Object.entries(scopes).map(([key, label]) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </SelectField>
      {scope === 'everywhere' ? null : (
        <SelectField
          label={scope === 'cluster' ? 'Cluster' : 'Service'}
          value={target ?? ''}
          onChange={(event) => setTarget(event.target.value)}
        >
          {targets.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
      )}
      <TextArea label="Reason" value={reason} onChange={(event) => setReason(event.target.value)} />
      {act.problem ? <ProblemPanel problem={act.problem} /> : null}
    </Dialog>
  );
}
