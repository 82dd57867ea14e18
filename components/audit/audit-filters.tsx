'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { SelectField, TextField } from '@/components/ui/field';
import { formatTime, useZone } from '@/components/ui/time-ago';
import type { AuditFilter } from '@/lib/audit/client';
import { isoOf } from './filter-url';
import { entities } from './words';

type Draft = Record<'actor' | 'action' | 'target' | 'change' | 'from' | 'to', string>;
type AuditFiltersProps = { filter: AuditFilter; onFilter: (filter: AuditFilter) => void };

/** Who, what, on what, when. Applying it writes the URL; the first page is shown again. */
export function AuditFilters({ filter, onFilter }: AuditFiltersProps) {
  const zone = useZone();
  const shown = (iso: string | undefined) =>
    iso === undefined || Number.isNaN(Date.parse(iso))
      ? ''
      : formatTime(new Date(iso), zone, 'full').slice(0, 16);
  const [draft, setDraft] = useState<Draft>({
    actor: filter.actor ?? '',
    action: filter.action ?? '',
    target: filter.target ?? '',
    change: filter.change ?? '',
    from: shown(filter.from),
    to: shown(filter.to),
  });
  const [wrong, setWrong] = useState<{ from?: string; to?: string; change?: string }>({});
  const set = (part: keyof Draft) => (event: { target: { value: string } }) =>
    setDraft((was) => ({ ...was, [part]: event.target.value }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const next: AuditFilter = {};
    const errors: typeof wrong = {};
    for (const part of ['actor', 'action', 'target', 'change'] as const) {
      const value = draft[part].trim();
      if (value !== '') next[part] = value;
    }
    if (next.change !== undefined && !/^c-[1-9]\d{0,8}$/.test(next.change))
      errors.change = 'Write it as c-214.';
    for (const part of ['from', 'to'] as const) {
      if (draft[part].trim() === '') continue;
      const iso = isoOf(draft[part], zone);
      if (iso === null) errors[part] = 'Write it as 2026-11-21 14:03.';
      else next[part] = iso;
    }
    setWrong(errors);
    if (Object.keys(errors).length === 0) onFilter(next);
  };
  const active = Object.values(filter).some(Boolean);
  const word = zone === 'utc' ? 'UTC' : 'local';
  const custom = draft.action !== '' && !entities.some(({ key }) => key === draft.action);
  return (
    <search>
      <form
        onSubmit={submit}
        noValidate
        className="mb-4 grid grid-cols-2 items-start gap-x-3 gap-y-2 md:grid-cols-4 xl:grid-cols-[repeat(4,minmax(0,1fr))_152px_152px_auto]"
      >
        <TextField label="Actor" value={draft.actor} onChange={set('actor')} placeholder="Part of a name" />
        <SelectField label="Action" value={draft.action} onChange={set('action')}>
          <option value="">All actions</option>
          {entities.map(({ key, label }) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
          {custom ? <option value={draft.action}>{draft.action}</option> : null}
        </SelectField>
        <TextField label="Target" value={draft.target} onChange={set('target')} placeholder="Part of it" />
        <TextField
          label="Change"
          value={draft.change}
          onChange={set('change')}
          placeholder="c-214"
          error={wrong.change}
        />
        <TextField
          label={`From (${word})`}
          value={draft.from}
          onChange={set('from')}
          placeholder="2026-11-21 14:03"
          error={wrong.from}
        />
        <TextField
          label={`To (${word})`}
          value={draft.to}
          onChange={set('to')}
          placeholder="now"
          error={wrong.to}
        />
        <div className="col-span-2 flex gap-2 self-start md:col-span-2 xl:col-span-1 xl:pt-6">
          <Button type="submit" className="h-9">
            Apply
          </Button>
          {active ? (
            <Button kind="quiet" className="h-9" onClick={() => onFilter({})}>
              Clear
            </Button>
          ) : null}
        </div>
      </form>
    </search>
  );
}
