'use client';

import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useEnvironment } from '@/components/shell/environment';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { SkeletonRows } from '@/components/ui/skeleton';
import { StateGlyph } from '@/components/ui/state';
import { Time, TimeAgo } from '@/components/ui/time-ago';
import { backupsQuery } from '@/lib/backup/client';
import type { BackupDatabase } from '@/lib/backup/contract';
import { drillsQuery } from '@/lib/backup/drill/client';
import type { DrillsView } from '@/lib/backup/drill/contract';
import { retentionQuery } from '@/lib/backup/retention/client';
import type { RetentionView } from '@/lib/backup/retention/contract';
import { toProblem } from '@/lib/http/client';
import { DatabasePanel } from './database-panel';
import { DayKey } from './day-strip';
import { drillParts } from './drill-words';
import { byUrgency, headlineParts } from './words';

/** Copies of databases: how old, how far proven, how long a restore takes, what stays and what leaves. */
export function BackupsScreen() {
  const environment = useEnvironment();
  const backups = useQuery(backupsQuery(environment));
  const retention = useQuery(retentionQuery(environment));
  const drills = useQuery(drillsQuery(environment));
  const { data, error, dataUpdatedAt } = backups;
  if (data === undefined) {
    return (
      <>
        <h1 className="mb-3 font-medium text-page">Backups</h1>
        <Panel title={`In ${environment}`}>
          {error ? (
            <ProblemPanel problem={toProblem(error)} onRetry={() => void backups.refetch()} />
          ) : (
            <SkeletonRows rows={6} label="backups" />
          )}
        </Panel>
      </>
    );
  }
  const views = new Map(retention.data?.databases.map((view) => [view.database, view]));
  const drillViews = new Map(drills.data?.databases.map((view) => [view.database, view]));
  return (
    <>
      <h1 className="font-medium text-page">Backups</h1>
      {data.databases.length === 0 ? (
        <Panel title={`In ${environment}`} className="mt-3">
          <EmptyState
            title="No databases"
            why="signalbox.yaml names none of this environment; add them under databases."
          />
        </Panel>
      ) : (
        <>
          <Headline
            databases={data.databases}
            views={[...views.values()]}
            drills={[...drillViews.values()]}
          />
          {error ? <Stale what="Backups" at={dataUpdatedAt} why={toProblem(error).detail} /> : null}
          <Beside what="Retention" reading={retention} />
          <Beside what="Drills" reading={drills} />
          {byUrgency(data.databases).map((database) => (
            <DatabasePanel
              key={database.id}
              database={database}
              view={views.get(database.id)}
              drills={drillViews.get(database.id)}
              mayRehearse={drills.data?.mayRehearse ?? false}
            />
          ))}
          {data.databases.some(({ isBackedUp }) => isBackedUp) ? <DayKey /> : null}
        </>
      )}
    </>
  );
}

const Stale = ({ what, at, why }: { what: string; at: number; why: string }) => (
  <p role="status" className="mt-2 flex items-start gap-2 text-meta text-text-2">
    <StateGlyph tone="warn" className="size-3.5 translate-y-px" />
    <span>
      {what} as of <Time at={new Date(at).toISOString()} className="mono" /> (
      <TimeAgo at={new Date(at).toISOString()} />
      ): {why}
    </span>
  </p>
);

/** What is wrong with a reading beside the databases: they are shown without it, or with what it last said. */
function Beside({ what, reading }: { what: string; reading: UseQueryResult<unknown> }) {
  const { data, error, dataUpdatedAt } = reading;
  if (error === null) return null;
  if (data !== undefined) return <Stale what={what} at={dataUpdatedAt} why={toProblem(error).detail} />;
  return (
    <div className="mt-3">
      <ProblemPanel problem={toProblem(error)} onRetry={() => void reading.refetch()} />
    </div>
  );
}

type HeadlineProps = {
  databases: readonly BackupDatabase[];
  views: readonly RetentionView[];
  drills: readonly DrillsView[];
};

/** The one sentence: when the last good copy was, and what is not as it should be. */
function Headline({ databases, views, drills }: HeadlineProps) {
  const goods = databases.flatMap(({ lastGood }) =>
    lastGood === null ? [] : [lastGood.snapshotAt ?? lastGood.startedAt],
  );
  const last = goods.toSorted().at(-1);
  const stopped = views.filter(({ state, letGo }) => state === 'stopped' && letGo === null).length;
  const missing = views.filter(({ lines }) => lines.some(({ isMissing }) => isMissing)).length;
  const failedDrills = drillParts(drills);
  const parts = [
    ...failedDrills,
    ...headlineParts(databases),
    ...(missing === 0
      ? []
      : [`copies of ${missing === 1 ? '1 database are' : `${missing} databases are`} missing`]),
    ...(stopped === 0
      ? []
      : [`retention stopped for ${stopped === 1 ? '1 database' : `${stopped} databases`}`]),
  ];
  const isBad = missing > 0 || failedDrills.length > 0;
  const tone = isBad ? 'crit' : last === undefined ? 'unknown' : parts.length > 0 ? 'warn' : 'ok';
  return (
    <p className="mt-1 text-pretty font-medium text-judgement tracking-tight" data-testid="backups-sentence">
      <StateGlyph tone={tone} className="-mt-0.5 mr-1.5 inline-block" />
      {last === undefined ? (
        'No good copy'
      ) : (
        <>
          Last good <Time at={last} parts="short" />
        </>
      )}
      {parts.length === 0 ? '; every database is within its objective.' : `; ${parts.join('; ')}.`}
    </p>
  );
}
