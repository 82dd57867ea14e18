'use client';

import { type FormEvent, useState } from 'react';
import { useAct } from '@/components/change/use-act';
import { useWritesRefused } from '@/components/shell/banners';
import { Button } from '@/components/ui/button';
import { TextArea } from '@/components/ui/field';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { updateMessage } from '@/lib/status/client';
import { messageStates, type StatusMessageView, type UpdateMessage } from '@/lib/status/contract';
import { Choose } from './message-form';
import { MessageView } from './message-view';
import { messageWord } from './words';

type MessageCardProps = {
  message: StatusMessageView;
  names: ReadonlyMap<string, string>;
  refusal: string | null;
};

/** A message with what can be done to it: an update, or its end. */
export function MessageCard({ message, names, refusal }: MessageCardProps) {
  const [open, setOpen] = useState<'update' | 'resolve' | null>(null);
  return (
    <div className="border-line border-b px-3 py-3 last:border-b-0 max-sm:px-4">
      <MessageView message={message} names={names} />
      {message.resolvedAt !== null ? null : open === null ? (
        <div className="mt-1 flex gap-2">
          <Button refusal={refusal} onClick={() => setOpen('update')}>
            Post an update
          </Button>
          <Button refusal={refusal} onClick={() => setOpen('resolve')}>
            Resolve
          </Button>
        </div>
      ) : (
        <UpdateForm
          key={open}
          message={message}
          resolving={open === 'resolve'}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  );
}

type UpdateFormProps = { message: StatusMessageView; resolving: boolean; onClose: () => void };

function UpdateForm({ message, resolving, onClose }: UpdateFormProps) {
  const open = messageStates.filter((state) => state !== 'resolved');
  const before = message.state === 'resolved' ? 'monitoring' : message.state;
  const [state, setState] = useState(before);
  const [body, setBody] = useState(resolving ? 'This is resolved.' : '');
  const [tried, setTried] = useState(false);
  const refused = useWritesRefused();
  const act = useAct((input: UpdateMessage, key: string) => updateMessage(message.id, input, key), onClose);
  const short = body.trim().length < 3;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!short && !refused && !act.busy)
      act.run({ state: resolving ? 'resolved' : state, body: body.trim(), version: message.version });
  };
  return (
    <form
      onSubmit={submit}
      noValidate
      className="mt-2 grid max-w-160 gap-3 rounded-panel border border-line bg-bg p-3"
    >
      <h4 className="font-medium">{resolving ? 'Resolve this message' : 'Post an update'}</h4>
      {resolving ? null : (
        <Choose
          label="State"
          value={state}
          choices={open.map((key) => ({ key, word: messageWord[key] }))}
          onChange={setState}
        />
      )}
      <TextArea
        label="Text"
        autoFocus
        value={body}
        maxLength={4000}
        onChange={(event) => setBody(event.target.value)}
        hint={
          resolving
            ? 'The message moves to the past ones; the public reads this last.'
            : 'It is public as soon as it is posted.'
        }
        error={tried && short ? 'Write what the public should know.' : null}
      />
      {act.problem ? <ProblemPanel problem={act.problem} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" kind="primary" busy={act.busy} refusal={refused}>
          {resolving ? 'Resolve message' : 'Post update'}
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </form>
  );
}
