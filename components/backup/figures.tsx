import type { ReactNode } from 'react';
import { cx } from '@/components/ui/class-names';
import { formatBytes } from '@/components/ui/number-text';
import { StateText } from '@/components/ui/state';
import { Time, TimeAgo } from '@/components/ui/time-ago';
import type { BackupDatabase, MissedRuns } from '@/lib/backup/contract';
import { formatDuration } from '@/lib/core/duration';
import { dateTimeText } from '@/lib/slo/report/words';
import { DayStrip } from './day-strip';
import { Level } from './level';
import { missedTitle, pointTone, pointWord } from './words';

/** What must be known of a database's copies at a glance. */
export function Figures({ database }: { database: BackupDatabase }) {
  const { name, days, schedule } = database;
  return (
    <dl className="grid gap-x-6 gap-y-3 px-3 py-2 max-sm:px-4 sm:grid-cols-2 lg:grid-cols-3 2xl:grid-cols-5">
      <LastGood database={database} />
      <LastRun database={database} />
      <Age database={database} />
      <Schedule database={database} />
      <Figure title="Last 30 days">
        <DayStrip name={name} days={days} zone={schedule?.timeZone ?? 'UTC'} />
      </Figure>
    </dl>
  );
}

export const Figure = ({ title, children }: { title: string; children: ReactNode }) => (
  <div className="min-w-0">
    <dt className="text-meta text-text-3">{title}</dt>
    <dd className="grid gap-0.5">{children}</dd>
  </div>
);
export const under = 'text-meta text-text-3';

/** Runs that were missed; nothing where none were. */
export const Missed = ({ missed }: { missed: MissedRuns | null }) =>
  missed === null ? null : (
    <span>
      <StateText tone="warn">{missedTitle(missed)}</StateText>
      <span className="block text-meta text-text-2">{missed.sentence}</span>
    </span>
  );

const tookText = (from: string, to: string | null): string =>
  to === null ? '' : `, took ${formatDuration((Date.parse(to) - Date.parse(from)) / 1000)}`;

function LastGood({ database: { lastGood } }: { database: BackupDatabase }) {
  if (lastGood === null) {
    return (
      <Figure title="Last good copy">
        <StateText tone="unknown">None</StateText>
        <span className={under}>No copy was read in full yet (L3).</span>
      </Figure>
    );
  }
  const at = lastGood.snapshotAt ?? lastGood.startedAt;
  return (
    <Figure title="Last good copy">
      <span className="font-medium">
        <Time at={at} parts="short" className="mono" />{' '}
        <span className="font-normal text-text-2">
          <TimeAgo at={at} />
        </span>
      </span>
      <Level {...lastGood} />
      <span className={under}>
        {lastGood.bytes === null ? 'size not known' : formatBytes(lastGood.bytes)}
        {tookText(lastGood.startedAt, lastGood.finishedAt)}
        {lastGood.isUnusualSize ? '; size unlike the copies before' : ''}
      </span>
    </Figure>
  );
}

/** The newest attempt, only where it is another one: a good copy hides no failed one after it. */
function LastRun({ database: { lastRun, lastGood, running } }: { database: BackupDatabase }) {
  const shown = running ?? lastRun;
  return (
    <Figure title={running === null ? 'Last run' : 'Running'}>
      {shown === null ? (
        <span className="text-text-2">None yet</span>
      ) : (
        <>
          <span>
            <Time at={shown.startedAt} parts="short" className="mono" />{' '}
            <span className="text-text-2">
              <TimeAgo at={shown.startedAt} />
            </span>
          </span>
          {shown.id === lastGood?.id ? (
            <span className={under}>It is the last good copy.</span>
          ) : (
            <>
              <Level {...shown} />
              {shown.error === null ? null : <span className="break-words text-text-2">{shown.error}</span>}
            </>
          )}
        </>
      )}
    </Figure>
  );
}

/** The age against the objective: the tick always stands at 70 % of the bar, which ends at the full width. */
function Age({ database: { recoveryPoint, tier } }: { database: BackupDatabase }) {
  const { state, ageSeconds, objectiveSeconds, isOfTier, achievableSeconds, canReach, worstSeconds } =
    recoveryPoint;
  const share = ageSeconds === null ? 0 : Math.min(1, (ageSeconds / objectiveSeconds) * 0.7);
  return (
    <Figure title="What would be lost now (RPO)">
      {ageSeconds === null ? null : (
        <span aria-hidden className="relative mt-1 block h-1.5 max-w-48 rounded-[1px] bg-raised">
          <span
            className={cx(
              'absolute inset-y-0 left-0 w-(--share) rounded-[1px]',
              state === 'over' ? 'bg-warn-fill' : 'bg-bar-ok',
            )}
            style={{ '--share': `${share * 100}%` }}
          />
          <span className="absolute -inset-y-0.5 left-[70%] w-0.5 bg-text" />
        </span>
      )}
      <StateText tone={pointTone[state]}>
        {ageSeconds === null ? pointWord[state] : `${formatDuration(ageSeconds)} of writes`}
      </StateText>
      <span className={under}>
        {ageSeconds === null ? 'objective ' : `${pointWord[state].toLowerCase()}: `}
        {formatDuration(objectiveSeconds)}
        {isOfTier ? ` (tier ${tier})` : ' (signalbox.yaml)'}
        {worstSeconds === null ? '' : `; worst in 30 days ${formatDuration(worstSeconds)}`}
      </span>
      {achievableSeconds === null ? null : canReach === false ? (
        <StateText tone="warn" className="whitespace-normal">
          The schedule reaches {formatDuration(achievableSeconds)} at best
        </StateText>
      ) : (
        <span className={under}>The schedule reaches {formatDuration(achievableSeconds)} at best.</span>
      )}
    </Figure>
  );
}

function Schedule({ database: { schedule, missed } }: { database: BackupDatabase }) {
  return (
    <Figure title="Next runs">
      <Missed missed={missed} />
      {schedule === null ? (
        <span className="text-text-2">No schedule: nothing is copied by itself.</span>
      ) : (
        <>
          <span className={under}>{schedule.words}</span>
          <ul className="grid gap-0.5">
            {schedule.next.map((at) => (
              <li key={at}>
                <span className="mono">{dateTimeText(schedule.timeZone, Date.parse(at) / 1000)}</span>
                {schedule.timeZone === 'UTC' ? (
                  <span className="text-text-3"> UTC</span>
                ) : (
                  <span className="block text-meta text-text-3">
                    <span className="mono">{dateTimeText('UTC', Date.parse(at) / 1000)}</span> UTC
                  </span>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </Figure>
  );
}
