'use client';

import { type FormEvent, useContext, useState } from 'react';
import { useAct } from '@/components/change/use-act';
import { useWritesRefused } from '@/components/shell/banners';
import { ZoneChoice } from '@/components/shell/zone-choice';
import { Button } from '@/components/ui/button';
import { SelectField, TextArea, TextField } from '@/components/ui/field';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { addExclusion } from '@/lib/slo/ledger/client';
import type { AddExclusion } from '@/lib/slo/ledger/contract';
import { fieldTime, instantOf, zoneHint } from './ledger-times';

/** How often: the rules that people need most, and any other as RFC 5545 writes it. */
const repeats = [
  { key: 'once', word: 'Once', rule: '' },
  { key: 'daily', word: 'Every day', rule: 'FREQ=DAILY' },
  { key: 'weekdays', word: 'Monday to Friday', rule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR' },
  { key: 'weekly', word: 'Every week', rule: 'FREQ=WEEKLY' },
  { key: 'monthly', word: 'Every month', rule: 'FREQ=MONTHLY' },
  { key: 'own', word: 'By a rule', rule: '' },
] as const;
type Repeat = (typeof repeats)[number]['key'];

type Draft = {
  repeat: Repeat;
  from: string;
  to: string;
  rule: string;
  starts: string;
  zone: string;
  hours: string;
  reason: string;
};
type Errors = Partial<Record<keyof Draft, string>>;
type Read = { errors: Errors; body: AddExclusion | null };

export type ExclusionFormProps = {
  slo: string;
  environment: string;
  /** The span that was marked on the chart. */
  span?: { from: string; to: string };
  onAdded: () => void;
};

const reasonError = ({ reason }: Draft): Errors =>
  reason.trim().length < 3 ? { reason: 'Say why these events do not count.' } : {};

function readOnce(draft: Draft, environment: string, from: string | null, to: string | null): Read {
  const errors = reasonError(draft);
  if (from === null) errors.from = 'Say when it begins.';
  if (to === null) errors.to = 'Say when it ends.';
  else if (from !== null && to <= from) errors.to = 'The end must be after the beginning.';
  if (from === null || to === null || Object.keys(errors).length > 0) return { errors, body: null };
  return { errors, body: { kind: 'once', environment, reason: draft.reason.trim(), from, to } };
}

function readRecurring(draft: Draft, environment: string): Read {
  const errors = reasonError(draft);
  const known = repeats.find(({ key }) => key === draft.repeat)?.rule ?? '';
  const rule = known === '' ? draft.rule.trim().toUpperCase() : known;
  const seconds = Math.round(Number(draft.hours) * 3600);
  if (rule === '') errors.rule = 'Write a rule such as FREQ=WEEKLY;BYDAY=SU.';
  if (draft.starts === '') errors.starts = 'Say when it happens first.';
  if (draft.zone.trim() === '') errors.zone = 'Name a time zone such as Europe/Berlin.';
  if (!(seconds > 0 && seconds <= 7 * 86_400)) errors.hours = 'More than 0 and at most 168 hours.';
  if (Object.keys(errors).length > 0) return { errors, body: null };
  const { starts, zone, reason } = draft;
  return {
    errors,
    body: {
      kind: 'recurring',
      environment,
      reason: reason.trim(),
      rule,
      starts,
      zone: zone.trim(),
      seconds,
    },
  };
}

/** A span whose events an objective does not count, once or again and again. */
export function LedgerExclusionForm({ slo, environment, span, onAdded }: ExclusionFormProps) {
  const { zone } = useContext(ZoneChoice);
  const [draft, setDraft] = useState<Draft>(() => ({
    repeat: 'once',
    from: span === undefined ? '' : fieldTime(span.from, zone),
    to: span === undefined ? '' : fieldTime(span.to, zone),
    rule: '',
    starts: '',
    zone: zoneHint(zone),
    hours: '1',
    reason: '',
  }));
  const [tried, setTried] = useState(false);
  const refused = useWritesRefused();
  const act = useAct(addExclusion(slo), onAdded);
  const set = (part: Partial<Draft>) => setDraft((was) => ({ ...was, ...part }));
  const { errors, body } =
    draft.repeat === 'once'
      ? readOnce(draft, environment, instantOf(draft.from, zone), instantOf(draft.to, zone))
      : readRecurring(draft, environment);
  const shown: Errors = tried ? errors : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (body !== null && !refused && !act.busy) act.run(body);
  };
  return (
    <form onSubmit={submit} noValidate className="grid gap-3">
      <SelectField
        label="How often"
        value={draft.repeat}
        onChange={({ target }) =>
          set({ repeat: repeats.find(({ key }) => key === target.value)?.key ?? draft.repeat })
        }
      >
        {repeats.map(({ key, word }) => (
          <option key={key} value={key}>
            {word}
          </option>
        ))}
      </SelectField>
      {draft.repeat === 'once' ? (
        <OnceFields draft={draft} errors={shown} hint={zoneHint(zone)} set={set} />
      ) : (
        <RecurringFields draft={draft} errors={shown} set={set} />
      )}
      <TextArea
        label="Reason"
        value={draft.reason}
        maxLength={400}
        error={shown.reason}
        hint="It is shown beside the figures, and recorded."
        onChange={({ target }) => set({ reason: target.value })}
      />
      {act.problem ? <ProblemPanel problem={act.problem} /> : null}
      <div>
        <Button type="submit" kind="primary" busy={act.busy} refusal={refused}>
          Add exclusion
        </Button>
      </div>
    </form>
  );
}

type FieldsProps = { draft: Draft; errors: Errors; set: (part: Partial<Draft>) => void };

const OnceFields = ({ draft, errors, hint, set }: FieldsProps & { hint: string }) => (
  <div className="grid gap-3 sm:grid-cols-2">
    <TextField
      label="From"
      type="datetime-local"
      end={hint}
      value={draft.from}
      error={errors.from}
      onChange={({ target }) => set({ from: target.value })}
    />
    <TextField
      label="To"
      type="datetime-local"
      end={hint}
      value={draft.to}
      error={errors.to}
      onChange={({ target }) => set({ to: target.value })}
    />
  </div>
);

const RecurringFields = ({ draft, errors, set }: FieldsProps) => (
  <div className="grid gap-3 sm:grid-cols-2">
    <TextField
      label="First time"
      type="datetime-local"
      value={draft.starts}
      error={errors.starts}
      hint="Wall clock of the zone; it stays over changes of the clock."
      onChange={({ target }) => set({ starts: target.value })}
    />
    <TextField
      label="Time zone"
      value={draft.zone}
      error={errors.zone}
      onChange={({ target }) => set({ zone: target.value })}
    />
    <TextField
      label="Hours"
      inputMode="decimal"
      value={draft.hours}
      error={errors.hours}
      onChange={({ target }) => set({ hours: target.value })}
    />
    {draft.repeat === 'own' ? (
      <TextField
        label="Rule"
        value={draft.rule}
        error={errors.rule}
        hint="RFC 5545, such as FREQ=WEEKLY;BYDAY=SU"
        onChange={({ target }) => set({ rule: target.value })}
      />
    ) : null}
  </div>
);
