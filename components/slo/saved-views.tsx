'use client';

import { useQuery } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import Link from 'next/link';
import { Popover } from 'radix-ui';
import { type FormEvent, useState } from 'react';
import { useAct } from '@/components/change/use-act';
import { useWritesRefused } from '@/components/shell/banners';
import { Button } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { cx } from '@/components/ui/class-names';
import { CheckField, TextField } from '@/components/ui/field';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { paths } from '@/lib/core/paths';
import { toProblem } from '@/lib/http/client';
import { saveView, viewsQuery } from '@/lib/saved-view/client';
import type { SavedView } from '@/lib/saved-view/contract';
import { canonicalQuery, VIEW_NAME_MAX } from '@/lib/saved-view/model';
import { type FleetLook, fleetLookOf, fleetQueryParts } from './fleet-url';
import { SavedViewDialog } from './saved-view-dialog';

/** A look as views keep it. */
export function queryOfLook(look: FleetLook): string {
  const spelled = canonicalQuery('slos', new URLSearchParams(fleetQueryParts(look)).toString());
  return 'query' in spelled ? spelled.query : '';
}

const hrefOf = ({ query }: SavedView): string =>
  paths.slos(fleetQueryParts(fleetLookOf(new URLSearchParams(query))));

/** The views of the list that have a name: opened from here, and the present one is kept here. */
export function SavedViews({ look }: { look: FleetLook }) {
  const { data: views = [], error, isPending } = useQuery(viewsQuery('slos'));
  const [isOpen, setIsOpen] = useState(false);
  const [changing, setChanging] = useState<SavedView | null>(null);
  const query = queryOfLook(look);
  const current = views.find((view) => view.query === query);
  const [mine, others] = [views.filter((view) => view.isMine), views.filter((view) => !view.isMine)];
  const change = (view: SavedView) => {
    setIsOpen(false);
    setChanging(view);
  };
  const list = { current, onOpen: () => setIsOpen(false), onChange: change };
  return (
    <>
      <Popover.Root open={isOpen} onOpenChange={setIsOpen}>
        <Popover.Trigger className="inline-flex h-7 max-w-64 items-center gap-1 rounded-control border border-control bg-surface px-2 text-meta hover:bg-raised max-sm:h-11 max-sm:px-3">
          <span className="truncate">{current === undefined ? 'Views' : `View: ${current.name}`}</span>
          <ChevronDown aria-hidden className="size-3.5 flex-none text-text-3" />
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            align="end"
            sideOffset={6}
            collisionPadding={16}
            aria-label="Saved views"
            className="z-50 grid max-h-[min(70vh,var(--radix-popover-content-available-height))] w-90 max-w-[calc(100vw-32px)] content-start gap-3 overflow-auto rounded-panel bg-surface p-3 shadow-float"
          >
            {error ? <ProblemPanel problem={toProblem(error)} /> : null}
            {isPending ? <p role="status">Loading views…</p> : null}
            <ViewList title="Yours" views={mine} {...list} />
            <ViewList title="Shared by others" views={others} {...list} />
            {views.length === 0 && !isPending && !error ? (
              <p className="text-text-2">
                No view has a name yet. A view keeps filter, grouping and order; it is opened in the
                environment that is chosen.
              </p>
            ) : null}
            <SaveForm query={query} onSaved={() => setIsOpen(false)} />
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      {changing === null ? null : (
        <SavedViewDialog view={changing} query={query} onClose={() => setChanging(null)} />
      )}
    </>
  );
}

type ViewListProps = {
  title: string;
  views: readonly SavedView[];
  current: SavedView | undefined;
  onOpen: () => void;
  onChange: (view: SavedView) => void;
};

function ViewList({ title, views, current, onOpen, onChange }: ViewListProps) {
  if (views.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 className="mb-1 text-meta text-text-3">{title}</h3>
      <ul className="grid">
        {views.map((view) => (
          <li key={view.id} className="flex min-h-8 items-center gap-2 max-sm:min-h-11">
            <Link
              href={hrefOf(view)}
              onClick={onOpen}
              aria-current={view.id === current?.id ? 'true' : undefined}
              className={cx('min-w-0 truncate hover:underline', view.id === current?.id && 'font-medium')}
            >
              {view.name}
            </Link>
            {view.isMine && view.shared ? <Chip>shared</Chip> : null}
            {view.isMine ? null : <span className="flex-none text-meta text-text-3">{view.owner}</span>}
            {view.mayChange ? (
              <Button
                size="small"
                kind="quiet"
                className="ml-auto"
                aria-label={`Change view ${view.name}`}
                onClick={() => onChange(view)}
              >
                Change
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function SaveForm({ query, onSaved }: { query: string; onSaved: () => void }) {
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const refused = useWritesRefused();
  const act = useAct(saveView, onSaved);
  const refusal = refused ?? (name.trim() === '' ? 'Give it a name first.' : null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (refusal === null && !act.busy) act.run({ page: 'slos', name: name.trim(), query, shared });
  };
  return (
    <form onSubmit={submit} className="grid gap-2 border-line border-t pt-3">
      <TextField
        label="Save what is shown as"
        value={name}
        maxLength={VIEW_NAME_MAX}
        onChange={(event) => setName(event.target.value)}
        error={act.problem?.fields.find(({ path }) => path === 'name')?.message}
      />
      <CheckField
        label="Share with everybody"
        checked={shared}
        onChange={(event) => setShared(event.target.checked)}
      />
      {act.problem ? <ProblemPanel problem={act.problem} /> : null}
      <Button type="submit" kind="primary" busy={act.busy} refusal={refusal} className="justify-self-start">
        Save view
      </Button>
    </form>
  );
}
