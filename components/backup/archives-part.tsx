'use client';

import { useQuery } from '@tanstack/react-query';
import { EmptyState } from '@/components/ui/empty-state';
import { formatBytes } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { SkeletonRows } from '@/components/ui/skeleton';
import { StateBadge, StateGlyph, StateText } from '@/components/ui/state';
import { Time, TimeAgo } from '@/components/ui/time-ago';
import { archivesQuery } from '@/lib/archive/client';
import type { ArchiveSeries } from '@/lib/archive/contract';
import { archiveNames } from '@/lib/archive/model';
import { toProblem } from '@/lib/http/client';
import { dateTimeText } from '@/lib/slo/report/words';
import { ArchiveList } from './archive-list';
import { archiveState, entriesText, holdsText, seriesState } from './archive-words';
import { Figure, Missed, under } from './figures';
import { Pips } from './level';

/** Archives of the configuration and of the audit log (BAK-03), of all environments together. */
export function ArchivesPart() {
  const { data, error, refetch, dataUpdatedAt } = useQuery(archivesQuery());
  return (
    <Panel title="Archives" note="configuration and audit log, of all environments" className="mt-4">
      {data === undefined ? (
        error ? (
          <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
        ) : (
          <SkeletonRows rows={3} label="archives" />
        )
      ) : data.folder === null ? (
        <EmptyState
          title="Nothing is archived"
          why="signalbox.yaml names no folder under archives. The configuration and the audit log are where they are, and nowhere else."
        />
      ) : (
        <>
          {error ? (
            <p role="status" className="flex gap-2 px-3 pt-2 text-meta text-text-2 max-sm:px-4">
              <StateGlyph tone="warn" className="size-3.5 translate-y-px" />
              <span>
                Archives as of <Time at={new Date(dataUpdatedAt).toISOString()} className="mono" />:{' '}
                {toProblem(error).detail}
              </span>
            </p>
          ) : null}
          {data.series.map((series) => (
            <Series key={series.kind} series={series} />
          ))}
        </>
      )}
    </Panel>
  );
}

function Series({ series }: { series: ArchiveSeries }) {
  const { tone, word } = seriesState(series);
  return (
    <section className="border-line border-b last:border-b-0" aria-label={archiveNames[series.kind]}>
      <h3 className="flex min-h-8 flex-wrap items-center gap-x-3 px-3 pt-2 font-medium max-sm:px-4">
        {archiveNames[series.kind]}
        <StateBadge tone={tone} testId={`archives-${series.kind}`}>
          {word}
        </StateBadge>
      </h3>
      <dl className="grid gap-x-6 gap-y-3 px-3 py-2 max-sm:px-4 sm:grid-cols-2 lg:grid-cols-4">
        <Newest series={series} />
        <LastRun series={series} />
        <Figure title="Kept">
          <span>
            {series.kept} {series.kept === 1 ? 'archive' : 'archives'}, {formatBytes(series.bytes)}
          </span>
          {series.kind === 'audit' ? (
            <span className={under}>{entriesText('audit', series.entries)} in all of them</span>
          ) : null}
          <span className={under}>Each stays {series.keeps}.</span>
        </Figure>
        <NextRuns series={series} />
      </dl>
      <ArchiveList series={series} />
    </section>
  );
}

const When = ({ at }: { at: string }) => (
  <span className="font-medium">
    <Time at={at} parts="short" className="mono" />{' '}
    <span className="font-normal text-text-2">
      <TimeAgo at={at} />
    </span>
  </span>
);

function Newest({ series: { newest } }: { series: ArchiveSeries }) {
  if (newest === null) {
    return (
      <Figure title="Newest archive">
        <StateText tone="unknown">None</StateText>
      </Figure>
    );
  }
  const { tone, word } = archiveState(newest);
  return (
    <Figure title="Newest archive">
      <When at={newest.startedAt} />
      <span className="inline-flex flex-wrap items-center gap-x-2">
        <StateText tone={tone}>{word}</StateText>
        <Pips level={newest.level} />
      </span>
      <span className={under}>
        {holdsText(newest)}
        {newest.bytes === null ? '' : `, ${formatBytes(newest.bytes)}`}
      </span>
      {newest.isSpoilt && newest.finding !== null ? (
        <span className="break-words text-text-2">{newest.finding}</span>
      ) : null}
    </Figure>
  );
}

/** A run that found nothing new is a good one: what the newest archive holds is still all there is. */
function LastRun({ series: { lastRun, running, newest, confirmedAt } }: { series: ArchiveSeries }) {
  const shown = running ?? lastRun;
  return (
    <Figure title={running === null ? 'Last run' : 'Running'}>
      {shown === null ? (
        <span className="text-text-2">None yet</span>
      ) : (
        <>
          <When at={shown.startedAt} />
          {shown.state === 'unchanged' && newest !== null ? (
            <StateText tone="ok">
              Unchanged since <Time at={newest.startedAt} parts="short" className="mono" />
            </StateText>
          ) : shown.id === newest?.id ? (
            <span className={under}>It made the newest archive.</span>
          ) : (
            <StateText tone={archiveState(shown).tone}>{archiveState(shown).word}</StateText>
          )}
          {shown.error === null ? null : <span className="break-words text-text-2">{shown.error}</span>}
          {shown.state === 'failed' && confirmedAt !== null ? (
            <span className={under}>
              The last good run was <TimeAgo at={confirmedAt} />.
            </span>
          ) : null}
        </>
      )}
    </Figure>
  );
}

function NextRuns({ series: { schedule, missed } }: { series: ArchiveSeries }) {
  const [next] = schedule.next;
  return (
    <Figure title="Next run">
      <Missed missed={missed} />
      {next === undefined ? null : (
        <span>
          <span className="mono">{dateTimeText(schedule.timeZone, Date.parse(next) / 1000)}</span>
          <span className="text-text-3"> {schedule.timeZone}</span>
        </span>
      )}
      <span className={under}>{schedule.words}</span>
    </Figure>
  );
}
