'use client';

import { type FormEvent, useState } from 'react';
import type * as z from 'zod/mini';
import { useAct } from '@/components/change/use-act';
import { useWritesRefused } from '@/components/shell/banners';
import { Button } from '@/components/ui/button';
import { CheckField, SelectField, TextArea, TextField } from '@/components/ui/field';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { publishMessage } from '@/lib/status/client';
import { impacts, messageStates, PublishMessage, type StatusAdminView } from '@/lib/status/contract';
import { type Choice, chooseOne } from './choose';
import { MessageView } from './message-view';
import { impactWord, messageWord } from './words';

type Draft = z.output<typeof PublishMessage>;
const empty: Draft = { title: '', impact: 'minor', state: 'investigating', components: [], body: '' };

/** The errors of a draft by field, in words. */
function errorsOf(draft: Draft): Partial<Record<keyof Draft, string>> {
  const errors: Partial<Record<keyof Draft, string>> = {};
  if (draft.title.trim().length < 3) errors.title = 'Write a title of at least 3 characters.';
  if (draft.body.trim().length < 3) errors.body = 'Write what the public should know.';
  if (PublishMessage.shape.title.safeParse(draft.title).success === false && errors.title === undefined)
    errors.title = 'At most 120 characters.';
  if (PublishMessage.shape.body.safeParse(draft.body).success === false && errors.body === undefined)
    errors.body = 'At most 4,000 characters.';
  return errors;
}

type MessageFormProps = { components: StatusAdminView['components']; onPublished: () => void };

/** A new message with its public text beside it; nothing is sent before "Publish message". */
export function MessageForm({ components, onPublished }: MessageFormProps) {
  const [draft, setDraft] = useState<Draft>(empty);
  const [tried, setTried] = useState(false);
  const refused = useWritesRefused();
  const act = useAct(publishMessage, () => {
    setDraft(empty);
    setTried(false);
    onPublished();
  });
  const errors = errorsOf(draft);
  const shown = tried ? errors : {};
  const set = (part: Partial<Draft>) => setDraft((was) => ({ ...was, ...part }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(errors).length === 0 && !refused && !act.busy) act.run(draft);
  };
  return (
    <form onSubmit={submit} noValidate className="grid gap-x-6 gap-y-4 p-3 max-sm:px-4 md:grid-cols-2">
      <div className="grid min-w-0 content-start gap-3">
        <TextField
          label="Title"
          value={draft.title}
          maxLength={120}
          error={shown.title}
          onChange={(event) => set({ title: event.target.value })}
        />
        <div className="grid grid-cols-2 gap-3">
          <Choose
            label="Impact"
            value={draft.impact}
            choices={impacts.map((key) => ({ key, word: impactWord[key] }))}
            onChange={(impact) => set({ impact })}
          />
          <Choose
            label="State"
            value={draft.state}
            choices={messageStates.map((key) => ({ key, word: messageWord[key] }))}
            onChange={(state) => set({ state })}
          />
        </div>
        <fieldset className="grid gap-1.5">
          <legend className="mb-1 font-medium">Affected systems</legend>
          {components.map((component) => (
            <CheckField
              key={component.id}
              label={component.name}
              checked={draft.components.includes(component.id)}
              onChange={(event) =>
                set({
                  components: event.target.checked
                    ? [...draft.components, component.id]
                    : draft.components.filter((each) => each !== component.id),
                })
              }
            />
          ))}
          {components.length === 0 ? <p className="text-meta text-text-3">No system is listed.</p> : null}
        </fieldset>
        <TextArea
          label="Text"
          rows={5}
          value={draft.body}
          error={shown.body}
          hint="What people notice, since when, what you do about it. It is public."
          onChange={(event) => set({ body: event.target.value })}
        />
      </div>
      <Preview draft={draft} components={components} />
      <div className="grid gap-2 md:col-span-2">
        {act.problem ? <ProblemPanel problem={act.problem} /> : null}
        <div>
          <Button type="submit" kind="primary" busy={act.busy} refusal={refused}>
            Publish message
          </Button>
        </div>
      </div>
    </form>
  );
}

type ChooseProps<Key extends string> = {
  label: string;
  value: Key;
  choices: Choice<Key>[];
  onChange: (key: Key) => void;
};

export function Choose<Key extends string>({ label, value, choices, onChange }: ChooseProps<Key>) {
  return (
    <SelectField
      label={label}
      value={value}
      onChange={(event) => onChange(chooseOne(choices, event.target.value, value))}
    >
      {choices.map(({ key, word }) => (
        <option key={key} value={key}>
          {word}
        </option>
      ))}
    </SelectField>
  );
}

function Preview({ draft, components }: { draft: Draft; components: StatusAdminView['components'] }) {
  const [at] = useState(() => new Date().toISOString());
  const names = new Map(components.map((component) => [component.id, component.name]));
  const text = draft.body.trim() === '' ? 'The text appears here as the public reads it.' : draft.body.trim();
  return (
    <section aria-label="Preview of the public text" className="min-w-0">
      <h3 className="mb-1 text-text-3">The public will read</h3>
      <div className="rounded-panel border border-line bg-bg p-4">
        <MessageView
          level={4}
          names={names}
          message={{
            id: 'preview',
            title: draft.title.trim() === '' ? 'Title' : draft.title.trim(),
            impact: draft.impact,
            state: draft.state,
            components: draft.components,
            createdAt: at,
            resolvedAt: null,
            version: 0,
            updates: [{ id: 'preview', state: draft.state, body: text, at }],
          }}
        />
      </div>
    </section>
  );
}
