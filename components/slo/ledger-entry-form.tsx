'use client';

import { type FormEvent, useContext, useState } from 'react';
import { useAct } from '@/components/change/use-act';
import { useWritesRefused } from '@/components/shell/banners';
import { ZoneChoice } from '@/components/shell/zone-choice';
import { Button } from '@/components/ui/button';
import { SelectField, TextArea, TextField } from '@/components/ui/field';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { addEntry } from '@/lib/slo/ledger/client';
import type { AddEntry } from '@/lib/slo/ledger/contract';
import { causeWords, ENTRY_MAX_SECONDS, type EntryCause, entryCauses } from '@/lib/slo/ledger/model';
import { fieldTime, instantOf, zoneHint } from './ledger-times';

type Draft = {
  cause: EntryCause;
  region: string;
  from: string;
  to: string;
  title: string;
  note: string;
  link: string;
  change: string;
};
type Errors = Partial<Record<keyof Draft, string>>;

export type EntryFormProps = {
  slo: string;
  environment: string;
  regions: readonly string[];
  /** Changes that an incident can have come from, newest first. */
  changes: readonly { id: string; title: string }[];
  /** The span that was marked on the chart. */
  span?: { from: string; to: string };
  onAdded: () => void;
};

/** The body to send, or what is wrong with the draft by field. */
function read(draft: Draft, times: { from: string | null; to: string | null }) {
  const errors: Errors = {};
  const { from, to } = times;
  if (draft.title.trim().length < 3) errors.title = 'Say in at least 3 characters what it was.';
  if (from === null) errors.from = 'Say when it began.';
  if (to === null) errors.to = 'Say when it ended.';
  const seconds = from === null || to === null ? 1 : (Date.parse(to) - Date.parse(from)) / 1000;
  if (seconds <= 0) errors.to = 'The end must be after the beginning.';
  if (seconds > ENTRY_MAX_SECONDS) errors.to = 'At most 31 days after the beginning.';
  if (draft.link !== '' && !/^https?:\/\/\S+$/.test(draft.link))
    errors.link = 'Must be an http or https URL.';
  return { errors, from, to };
}

function bodyOf(draft: Draft, environment: string, from: string, to: string): AddEntry {
  const set = (value: string) => (value === '' ? undefined : value);
  return {
    environment,
    cause: draft.cause,
    from,
    to,
    title: draft.title.trim(),
    region: set(draft.region),
    note: set(draft.note.trim()),
    link: set(draft.link),
    change: set(draft.change),
  };
}

/** What budget was spent on, beside changes: they are in the ledger by themselves. */
export function LedgerEntryForm({ slo, environment, regions, changes, span, onAdded }: EntryFormProps) {
  const { zone } = useContext(ZoneChoice);
  const [draft, setDraft] = useState<Draft>(() => ({
    cause: 'incident',
    region: '',
    from: span === undefined ? '' : fieldTime(span.from, zone),
    to: span === undefined ? '' : fieldTime(span.to, zone),
    title: '',
    note: '',
    link: '',
    change: '',
  }));
  const [tried, setTried] = useState(false);
  const refused = useWritesRefused();
  const act = useAct(addEntry(slo), onAdded);
  const set = (part: Partial<Draft>) => setDraft((was) => ({ ...was, ...part }));
  const { errors, from, to } = read(draft, {
    from: instantOf(draft.from, zone),
    to: instantOf(draft.to, zone),
  });
  const shown: Errors = tried ? errors : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(errors).length > 0 || from === null || to === null || refused || act.busy) return;
    act.run(bodyOf(draft, environment, from, to));
  };
  return (
    <form onSubmit={submit} noValidate className="grid gap-3">
      <div className="grid gap-3 sm:grid-cols-2">
        <SelectField
          label="Cause"
          value={draft.cause}
          onChange={({ target }) =>
            set({ cause: entryCauses.find((cause) => cause === target.value) ?? draft.cause })
          }
        >
          {entryCauses.map((cause) => (
            <option key={cause} value={cause}>
              {causeWords[cause]}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Region"
          value={draft.region}
          onChange={({ target }) => set({ region: target.value })}
        >
          <option value="">All regions</option>
          {regions.map((region) => (
            <option key={region}>{region}</option>
          ))}
        </SelectField>
        <TextField
          label="From"
          type="datetime-local"
          end={zoneHint(zone)}
          value={draft.from}
          error={shown.from}
          onChange={({ target }) => set({ from: target.value })}
        />
        <TextField
          label="To"
          type="datetime-local"
          end={zoneHint(zone)}
          value={draft.to}
          error={shown.to}
          onChange={({ target }) => set({ to: target.value })}
        />
      </div>
      <TextField
        label="Title"
        value={draft.title}
        maxLength={120}
        error={shown.title}
        onChange={({ target }) => set({ title: target.value })}
      />
      <SelectField
        label="Caused by a change"
        value={draft.change}
        hint="Where both stand, the change pays."
        onChange={({ target }) => set({ change: target.value })}
      >
        <option value="">None</option>
        {changes.map(({ id, title }) => (
          <option key={id} value={id}>
            {id} {title}
          </option>
        ))}
      </SelectField>
      <TextField
        label="Link (optional)"
        type="url"
        value={draft.link}
        error={shown.link}
        onChange={({ target }) => set({ link: target.value.trim() })}
      />
      <TextArea
        label="Note (optional)"
        value={draft.note}
        maxLength={2000}
        onChange={({ target }) => set({ note: target.value })}
      />
      {act.problem ? <ProblemPanel problem={act.problem} /> : null}
      <div>
        <Button type="submit" kind="primary" busy={act.busy} refusal={refused}>
          Add entry
        </Button>
      </div>
    </form>
  );
}
