'use client';

import { Command, useCommandState } from 'cmdk';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import type { Me } from '@/lib/access/contract';
import { paths } from '@/lib/core/paths';
import { allEntries } from './navigation';

type PaletteDialogProps = { me: Me; open: boolean; onOpenChange: (open: boolean) => void };

/** What the palette finds: pages, services, plans, and a change by its number. */
export function PaletteDialog({ me, open, onOpenChange }: PaletteDialogProps) {
  const router = useRouter();
  const go = (href: string) => {
    onOpenChange(false);
    router.push(href);
  };
  return (
    <Command.Dialog
      open={open}
      onOpenChange={onOpenChange}
      label="Search or go to"
      overlayClassName="fixed inset-0 z-50 bg-bg/70"
      contentClassName="fixed top-[12vh] left-1/2 z-50 w-[min(560px,calc(100vw-32px))] -translate-x-1/2 overflow-hidden rounded-dialog bg-surface shadow-float"
    >
      <Command.Input
        placeholder="Page, service or change (c-12)"
        className="h-11 w-full border-line border-b bg-transparent px-4 text-body outline-none placeholder:text-text-3 max-sm:text-[16px]"
      />
      <Command.List className="max-h-80 overflow-auto p-1">
        <Command.Empty className="p-3 text-text-2">
          Nothing has this name. Pages, services and change numbers can be found.
        </Command.Empty>
        <PaletteGroup heading="Go to">
          {allEntries.map((entry) => (
            <PaletteItem key={entry.href} onSelect={() => go(entry.href)} hint={`g ${entry.key}`}>
              {entry.label}
            </PaletteItem>
          ))}
          <PaletteItem onSelect={() => go(paths.reports())}>Monthly reports</PaletteItem>
        </PaletteGroup>
        <PaletteGroup heading="Services">
          {me.services.map((service) => (
            <PaletteItem key={service.id} onSelect={() => go(paths.service(service.id))}>
              {service.name}
            </PaletteItem>
          ))}
        </PaletteGroup>
        {me.permissions.plan ? (
          <PaletteGroup heading="Plan">
            {me.services.map((service) => (
              <PaletteItem
                key={service.id}
                onSelect={() => go(paths.newChange('deploy', { service: service.id }))}
              >
                Deploy {service.name}…
              </PaletteItem>
            ))}
          </PaletteGroup>
        ) : null}
        <ChangeJump go={go} />
      </Command.List>
    </Command.Dialog>
  );
}

function PaletteGroup({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-meta [&_[cmdk-group-heading]]:text-text-3"
    >
      {children}
    </Command.Group>
  );
}

function PaletteItem({
  children,
  hint,
  onSelect,
  value,
}: {
  children: ReactNode;
  hint?: string;
  onSelect: () => void;
  value?: string;
}) {
  return (
    <Command.Item
      {...(value ? { value } : {})}
      onSelect={onSelect}
      className="flex h-9 cursor-pointer items-center justify-between rounded-control px-3 aria-selected:bg-raised max-sm:h-11"
    >
      <span>{children}</span>
      {hint ? <span className="mono text-text-3">{hint}</span> : null}
    </Command.Item>
  );
}

/** A typed change number opens that change. */
function ChangeJump({ go }: { go: (href: string) => void }) {
  const search = useCommandState((state) => state.search);
  const match = /^(?:c-)?([1-9]\d{0,8})$/.exec(search.trim());
  if (!match?.[1]) return null;
  const id = `c-${match[1]}`;
  return (
    <PaletteItem value={search} onSelect={() => go(paths.change(id))}>
      Change <span className="mono">{id}</span>
    </PaletteItem>
  );
}
