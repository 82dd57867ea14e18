'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useEnvironment } from '@/components/shell/environment';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { SkeletonRows } from '@/components/ui/skeleton';
import { paths } from '@/lib/core/paths';
import { toProblem } from '@/lib/http/client';
import { fleetQuery } from '@/lib/slo/client';
import { partsOf, sectionsOf } from '@/lib/slo/fleet/grouping';
import type { FleetLines } from '@/lib/slo/fleet/lines';
import { sortRows } from '@/lib/slo/fleet/order';
import { AttentionCards } from './attention-cards';
import { FleetDaysPanel } from './fleet-days';
import { FleetStrip } from './fleet-strip';
import { FleetTable } from './fleet-table';
import { FleetTools } from './fleet-tools';
import { everything, type FleetLook, narrow, toggleClosed } from './fleet-url';
import { FreshnessNote, FreshnessText } from './freshness';
import { RecentChanges } from './recent-changes';
import { brokenWords } from './words';

type SlosScreenProps = { look?: FleetLook; onLook?: (next: FleetLook) => void };
const noWhere = () => undefined;

/** Every objective: what needs somebody first, then all of them, what cannot be judged on top. */
export function SlosScreen({ look = everything, onLook = noWhere }: SlosScreenProps) {
  const environment = useEnvironment();
  const { data, error, refetch } = useQuery(fleetQuery(environment));
  const hasRows = data !== undefined && data.rows.length > 0;
  return (
    <>
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-x-3">
        <h1 className="font-medium text-page">Service level objectives</h1>
        <Link
          href={paths.reports()}
          className="text-accent hover:underline max-sm:flex max-sm:min-h-11 max-sm:items-center"
        >
          Monthly reports
        </Link>
      </div>
      {hasRows ? (
        <>
          <FleetStrip fleet={data} look={look} onLook={onLook} />
          <AttentionCards rows={data.rows} />
        </>
      ) : null}
      <Panel
        title={`In ${environment}`}
        note={data ? <FreshnessText freshness={data.freshness} /> : undefined}
        className="mt-4"
      >
        {data ? (
          <>
            <FreshnessNote freshness={data.freshness} />
            {error ? <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} /> : null}
            <Rows fleet={data} look={look} onLook={onLook} />
          </>
        ) : error ? (
          <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
        ) : (
          <SkeletonRows rows={6} label="objectives" />
        )}
      </Panel>
      {hasRows ? <RecentChanges fleet={data} /> : null}
    </>
  );
}

function Rows({ fleet, look, onLook }: { fleet: FleetLines } & Required<SlosScreenProps>) {
  if (fleet.rows.length === 0) {
    return (
      <EmptyState
        title="No objectives"
        why="signalbox.yaml defines none for this environment; add them under slos."
      />
    );
  }
  const found = narrow(partsOf(fleet.rows, look.group), look);
  const shown = sortRows(found.shown, look.sort);
  const sections = look.group === null ? null : sectionsOf(shown, look.group, look.sort);
  const hidden = new Set(found.hiddenBroken.map(({ id }) => id)).size;
  return (
    <>
      <FleetTools
        fleet={fleet}
        look={look}
        onLook={onLook}
        groups={sections === null || look.show === 'days' ? [] : sections.map(({ value }) => value)}
      />
      {hidden > 0 ? (
        <p
          role="status"
          className="flex flex-wrap items-center gap-2 border-line border-b px-3 py-1.5 text-text-2 max-sm:px-4"
        >
          {hidden === 1
            ? '1 objective that cannot be judged is outside this filter.'
            : `${hidden} objectives that cannot be judged are outside this filter.`}
          <Button size="small" onClick={() => onLook({ ...look, words: brokenWords, text: '' })}>
            Show them
          </Button>
        </p>
      ) : null}
      {shown.length === 0 ? (
        <EmptyState
          title="No objective matches"
          why={`None of the ${fleet.rows.length} objectives of this environment is in this filter.`}
          action={<Button onClick={() => onLook({ ...look, words: [], text: '' })}>Show all</Button>}
        />
      ) : look.show === 'days' ? (
        <FleetDaysPanel
          environment={fleet.environment}
          rows={sections?.flatMap(({ rows }) => rows) ?? shown}
        />
      ) : (
        <FleetTable
          rows={shown}
          sections={sections}
          closed={look.closed}
          sort={look.sort}
          onFold={(value) => onLook(toggleClosed(look, value))}
        />
      )}
    </>
  );
}
