'use client';

import { type FormEvent, useState } from 'react';
import { useAct } from '@/components/change/use-act';
import { useWritesRefused } from '@/components/shell/banners';
import { Button } from '@/components/ui/button';
import { SelectField, TextArea, TextField } from '@/components/ui/field';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { addCorrection } from '@/lib/slo/report/client';
import type { AddCorrection, ReportDocument } from '@/lib/slo/report/contract';
import { lineName } from '@/lib/slo/report/words';
import { lineKey } from './words';

type Draft = { line: string; what: string; failures: string; minutes: string; why: string };
type Errors = Partial<Record<keyof Draft, string>>;

const numberForm = /^[-−]?\d+([.,]\d+)?$/;

/** A decimal number as people type it; undefined where nothing is typed, null for what is none. */
function numberOf(text: string): number | undefined | null {
  const typed = text.trim();
  if (typed === '') return undefined;
  return numberForm.test(typed) ? Number(typed.replace('−', '-').replace(',', '.')) : null;
}

function read(draft: Draft, report: ReportDocument): { errors: Errors; body: AddCorrection | null } {
  const line = report.lines.find((one) => lineKey(one) === draft.line);
  const [failures, minutes] = [numberOf(draft.failures), numberOf(draft.minutes)];
  const errors: Errors = {};
  if (draft.what.trim().length < 3) errors.what = 'Say in at least 3 characters which figure is wrong.';
  if (draft.why.trim().length < 3) errors.why = 'Say why, for who reads the report later.';
  if (failures === null) errors.failures = 'Write a number such as -120.';
  if (minutes === null) errors.minutes = 'Write a number such as -1.5.';
  if (line === undefined || failures === null || minutes === null || Object.keys(errors).length > 0)
    return { errors, body: null };
  return {
    errors,
    body: {
      environment: report.environment,
      objective: line.objective,
      definition: line.definition,
      what: draft.what.trim(),
      why: draft.why.trim(),
      ...(failures === undefined ? {} : { failures }),
      ...(minutes === undefined ? {} : { seconds: minutes * 60 }),
    },
  };
}

/** What was learned after the close, by a lead. */
export function CorrectionForm({ report, onAdded }: { report: ReportDocument; onAdded: () => void }) {
  const [first] = report.lines;
  const [draft, setDraft] = useState<Draft>({
    line: first === undefined ? '' : lineKey(first),
    what: '',
    failures: '',
    minutes: '',
    why: '',
  });
  const [tried, setTried] = useState(false);
  const refused = useWritesRefused();
  const act = useAct(addCorrection(report.month), onAdded);
  const set = (part: Partial<Draft>) => setDraft((was) => ({ ...was, ...part }));
  const { errors, body } = read(draft, report);
  const shown: Errors = tried ? errors : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (body !== null && !refused && !act.busy) act.run(body);
  };
  return (
    <form onSubmit={submit} noValidate className="grid gap-3">
      <SelectField
        label="Objective"
        value={draft.line}
        onChange={({ target }) => set({ line: target.value })}
      >
        {report.lines.map((line) => (
          <option key={lineKey(line)} value={lineKey(line)}>
            {lineName(line)}
          </option>
        ))}
      </SelectField>
      <TextField
        label="What is corrected"
        value={draft.what}
        maxLength={120}
        error={shown.what}
        onChange={({ target }) => set({ what: target.value })}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="Failures to add (optional)"
          inputMode="decimal"
          value={draft.failures}
          error={shown.failures}
          hint="Negative: there were fewer."
          onChange={({ target }) => set({ failures: target.value })}
        />
        <TextField
          label="Minutes to add (optional)"
          inputMode="decimal"
          value={draft.minutes}
          error={shown.minutes}
          hint="Of full outage; negative: there were fewer."
          onChange={({ target }) => set({ minutes: target.value })}
        />
      </div>
      <TextArea
        label="Why"
        value={draft.why}
        maxLength={1000}
        error={shown.why}
        hint="It stands beside the frozen figure for good, with your name, and is recorded."
        onChange={({ target }) => set({ why: target.value })}
      />
      {act.problem ? <ProblemPanel problem={act.problem} /> : null}
      <div>
        <Button type="submit" kind="primary" busy={act.busy} refusal={refused}>
          Add correction
        </Button>
      </div>
    </form>
  );
}
