'use client';

import { skipToken, useQuery } from '@tanstack/react-query';
import { cx } from '@/components/ui/class-names';
import { StateGlyph } from '@/components/ui/state';
import { TimeAgo } from '@/components/ui/time-ago';
import { type SourceChip, type SourceState, sourceChips, sourcesKey } from './sources';
import { useLater } from './use-later';

const noSources: SourceState[] = [];

/** The newest state of the sources, as the stream told it. */
export function useSources(): SourceState[] {
  const { data } = useQuery<SourceState[]>({ queryKey: sourcesKey, queryFn: skipToken });
  return data ?? noSources;
}

/** How old the world on this page is: one chip a source, its age on its own timer. */
export function SourceBar() {
  const chips = sourceChips(useSources());
  const lines = useLater(() => import('./source-lines').then((part) => part.SourceLines));
  if (chips.length === 0) return null;
  const failing = chips.filter((chip) => chip.state !== 'fresh');
  // On phones one chip has room: the first that fails, with how many more do.
  const onPhone = failing[0] ?? chips[0];
  const label = `Data sources: ${failing.length === 0 ? 'all answer' : failing.map((chip) => `${chip.name} ${chip.state}`).join(', ')}`;
  const triggerClass = 'flex h-7.5 items-stretch rounded-control border border-line bg-surface max-sm:h-11';
  // Words instead of a label, so that what is read out holds what is seen.
  const face = (
    <>
      <span className="sr-only">{label}. </span>
      {chips.map((chip) => (
        <Chip key={chip.kind} chip={chip} hideOnPhone={chip !== onPhone} />
      ))}
      {failing.length > 1 ? (
        <span aria-hidden className="flex items-center pr-2.25 text-meta text-warn md:hidden">
          +{failing.length - 1}
        </span>
      ) : null}
    </>
  );
  if (lines.Part) {
    return (
      <lines.Part chips={chips} triggerClass={triggerClass}>
        {face}
      </lines.Part>
    );
  }
  return (
    <button type="button" aria-haspopup="dialog" className={triggerClass} {...lines.opener}>
      {face}
    </button>
  );
}

function Chip({ chip, hideOnPhone }: { chip: SourceChip; hideOnPhone: boolean }) {
  const late = chip.state !== 'fresh';
  return (
    <span
      className={cx(
        'flex items-center gap-1.5 whitespace-nowrap border-line border-l px-2.25 text-meta first:border-l-0',
        late ? 'text-warn' : 'text-text-2',
        hideOnPhone && 'max-md:hidden',
      )}
    >
      {late ? (
        <StateGlyph tone="warn" className="size-3" />
      ) : (
        <span aria-hidden className="size-1.5 rounded-full bg-ok" />
      )}
      {chip.name}
      <span className={late ? '' : 'text-text'}>
        {chip.kind === 'cluster' && !late ? (
          'live'
        ) : chip.observedAt ? (
          <TimeAgo at={chip.observedAt} suffix="" />
        ) : (
          'no answer'
        )}
      </span>
    </span>
  );
}
