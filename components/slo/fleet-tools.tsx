'use client';

import { type ReactNode, useId } from 'react';
import { Button } from '@/components/ui/button';
import { SegmentedLinks } from '@/components/ui/segmented';
import { paths } from '@/lib/core/paths';
import { groupingsOf } from '@/lib/slo/fleet/grouping';
import type { FleetLines } from '@/lib/slo/fleet/lines';
import { type SortKey, sortKeys } from '@/lib/slo/fleet/order';
import { type FleetLook, fleetQueryParts } from './fleet-url';
import { SavedViews } from './saved-views';

type FleetToolsProps = {
  fleet: FleetLines;
  look: FleetLook;
  onLook: (next: FleetLook) => void;
  /** Values of the groups that are shown. */
  groups: readonly string[];
};

const sortTitles: Record<SortKey, string> = {
  state: 'State, then budget left',
  name: 'Name',
  budget: 'Least budget left',
  level: 'Furthest below target',
  burn: 'Fastest burn',
  gone: 'Soonest gone',
  cost: 'Cost of last change',
};

/** How the list is ordered, grouped and drawn; all of it in the address, and kept under a name in a view. */
export function FleetTools({ fleet, look, onLook, groups }: FleetToolsProps) {
  const options = groupingsOf(fleet.rows);
  const isKnown = look.group === null || options.some(({ key }) => key === look.group);
  const isFolded = groups.length > 0 && groups.every((value) => look.closed.includes(value));
  const href = (show: FleetLook['show']) => paths.slos(fleetQueryParts({ ...look, show }));
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-b px-3 py-2 max-sm:px-4">
      <Choice
        label="Group by"
        value={look.group ?? ''}
        onChange={(value) => onLook({ ...look, group: value === '' ? null : value, closed: [] })}
      >
        <option value="">Nothing</option>
        {isKnown ? null : <option value={look.group ?? ''}>{look.group}</option>}
        {options.map(({ key, title }) => (
          <option key={key} value={key}>
            {title}
          </option>
        ))}
      </Choice>
      {groups.length > 0 ? (
        <Button
          size="small"
          className="h-7"
          onClick={() => onLook({ ...look, closed: isFolded ? [] : groups })}
        >
          {isFolded ? 'Open all groups' : 'Fold all groups'}
        </Button>
      ) : null}
      <Choice
        label="Sort by"
        value={look.sort}
        onChange={(value) => onLook({ ...look, sort: sortKeys.find((key) => key === value) ?? 'state' })}
      >
        {sortKeys.map((key) => (
          <option key={key} value={key}>
            {sortTitles[key]}
          </option>
        ))}
      </Choice>
      <div className="ml-auto flex flex-wrap items-center gap-2 max-sm:ml-0">
        <SegmentedLinks
          label="Show as"
          current={look.show}
          items={[
            { key: 'table', label: 'Table', href: href('table') },
            { key: 'days', label: 'Days', href: href('days') },
          ]}
        />
        <SavedViews look={look} />
      </div>
    </div>
  );
}

function Choice({
  label,
  value,
  onChange,
  children,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <div className="flex items-center gap-1.5">
      <label htmlFor={id} className="text-meta text-text-3">
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-7 max-w-52 rounded-control border border-control bg-surface px-1.5 max-sm:h-11 max-sm:text-section"
      >
        {children}
      </select>
    </div>
  );
}
