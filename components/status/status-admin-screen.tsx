'use client';

import { useQuery } from '@tanstack/react-query';
import { ExternalLink } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { SkeletonRows } from '@/components/ui/skeleton';
import { StateGlyph, StateText } from '@/components/ui/state';
import { TimeAgo, useNow } from '@/components/ui/time-ago';
import { paths } from '@/lib/core/paths';
import { toProblem } from '@/lib/http/client';
import { statusAdminQuery } from '@/lib/status/client';
import type { PublishedStatus, StatusAdminView } from '@/lib/status/contract';
import { MessageCard } from './message-card';
import { MessageForm } from './message-form';
import { stateTone, stateWord } from './words';

const notAllowed =
  'Publishing on the status page is for the leads. Ask an administrator for a lead role if you should have it.';

/** What the public sees, what measurement proposes, and the messages that people write. */
export function StatusAdminScreen() {
  const { data, error, refetch, dataUpdatedAt } = useQuery(statusAdminQuery());
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <h1 className="font-medium text-page">Status page</h1>
        <a
          href={paths.status()}
          className="ml-auto inline-flex h-8 items-center gap-1.5 rounded-control border border-control bg-surface px-3 font-medium hover:bg-raised max-sm:h-11"
        >
          <ExternalLink aria-hidden className="size-4" />
          Open the public page
        </a>
      </div>
      {data ? (
        <>
          {error ? (
            <p role="status" className="mb-3 flex items-center gap-2 text-meta text-text-2">
              <StateGlyph tone="warn" className="size-3.5" />
              <span>
                As read <TimeAgo at={new Date(dataUpdatedAt).toISOString()} />: {toProblem(error).detail}
              </span>
            </p>
          ) : null}
          <Parts view={data} />
        </>
      ) : (
        <Panel title="Now public">
          {error ? (
            <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
          ) : (
            <SkeletonRows rows={6} label="the status page" />
          )}
        </Panel>
      )}
    </>
  );
}

function Parts({ view }: { view: StatusAdminView }) {
  const names = new Map(view.components.map((component) => [component.id, component.name]));
  const active = view.messages.filter((message) => message.resolvedAt === null);
  const past = view.messages.filter((message) => message.resolvedAt !== null);
  const refusal = view.mayPublish ? null : notAllowed;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_344px]">
      <div className="grid min-w-0 gap-4">
        <Compose view={view} />
        <Panel title="Active messages" note={active.length > 0 ? `${active.length}` : undefined}>
          {active.map((message) => (
            <MessageCard key={message.id} message={message} names={names} refusal={refusal} />
          ))}
          {active.length === 0 ? (
            <EmptyState
              title="No message is active"
              why="A published message stands here until it is resolved."
            />
          ) : null}
        </Panel>
        {past.length > 0 ? (
          <Panel title="Past messages" note={`${past.length}`}>
            {past.map((message) => (
              <MessageCard key={message.id} message={message} names={names} refusal={refusal} />
            ))}
          </Panel>
        ) : null}
      </div>
      <div className="grid min-w-0 gap-4">
        <NowPublic published={view.published} />
        <Proposed components={view.components} published={view.published} />
      </div>
    </div>
  );
}

function Compose({ view }: { view: StatusAdminView }) {
  const [open, setOpen] = useState(false);
  const [said, setSaid] = useState('');
  return (
    <Panel
      title="New message"
      end={
        view.mayPublish && !open ? (
          <Button
            size="small"
            onClick={() => {
              setOpen(true);
              setSaid('');
            }}
          >
            Write a message…
          </Button>
        ) : null
      }
    >
      {open && view.mayPublish ? (
        <MessageForm
          components={view.components}
          onPublished={() => {
            setOpen(false);
            setSaid('Message published. The public page shows it with its next publication.');
          }}
        />
      ) : null}
      <p role="status" className="px-3 text-text-2 max-sm:px-4 not-empty:py-3">
        {said || (open ? '' : view.mayPublish ? 'Nothing is public before you publish it.' : notAllowed)}
      </p>
    </Panel>
  );
}

/** The public page is written every few seconds; minutes without that mean that nobody publishes. */
const oldAfter = 5 * 60_000;

function NowPublic({ published }: { published: PublishedStatus | null }) {
  const now = useNow();
  if (published === null) {
    return (
      <Panel title="Now public">
        <EmptyState
          title="Nothing is published yet"
          why="The worker publishes the page. When this stays, look whether a worker runs."
        />
      </Panel>
    );
  }
  const old = now - Date.parse(published.publishedAt) > oldAfter;
  return (
    <Panel title="Now public" note={<TimeAgo at={published.publishedAt} />}>
      <div className="grid gap-1 p-3 max-sm:px-4">
        <p className="flex gap-2 text-pretty font-medium text-body">
          <StateGlyph tone={stateTone[published.overall]} className="mt-0.5" />
          {published.sentence}
        </p>
        {old ? (
          <p role="status" className="text-meta text-warn">
            The public page is not being renewed. Look whether a worker runs.
          </p>
        ) : null}
      </div>
    </Panel>
  );
}

function Proposed({ components, published }: Pick<StatusAdminView, 'components' | 'published'>) {
  const shown = new Map(published?.components.map(({ id, state }) => [id, state]));
  if (components.length === 0) {
    return (
      <Panel title="Measured now">
        <EmptyState
          title="No system is listed"
          why="Each service and region of signalbox.yaml stands here."
        />
      </Panel>
    );
  }
  return (
    <Panel title="Measured now" note="a proposal">
      <ul>
        {components.map((component) => {
          const state = shown.get(component.id);
          return (
            <li key={component.id} className="border-line border-b px-3 py-1.5 last:border-b-0 max-sm:px-4">
              <div className="flex flex-wrap items-center justify-between gap-x-3">
                <span>{component.name}</span>
                <StateText tone={stateTone[component.proposed]}>{stateWord[component.proposed]}</StateText>
              </div>
              {state !== undefined && state !== component.proposed ? (
                <p className="text-meta text-text-3">The public sees: {stateWord[state].toLowerCase()}</p>
              ) : null}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
