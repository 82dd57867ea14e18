'use client';

import { useQuery } from '@tanstack/react-query';
import { StateText } from '@/components/ui/state';
import { backupsQuery } from '@/lib/backup/client';
import { drillsQuery } from '@/lib/backup/drill/client';
import type { DeployPlan } from '@/lib/change/contract';
import type { RestoreData } from '@/lib/change/data/contract';
import { formatDuration } from '@/lib/core/duration';

type ObjectivesProps = { plan: DeployPlan; data: RestoreData; outageSeconds: number | null };

/** What may be lost and how long it may take (RPO, RTO), beside what this restore does of both. */
export function RestoreObjectives({ plan, data, outageSeconds }: ObjectivesProps) {
  const backups = useQuery(backupsQuery(plan.environment));
  const drills = useQuery(drillsQuery(plan.environment));
  const point = backups.data?.databases.find(({ id }) => id === data.database)?.recoveryPoint ?? null;
  const time =
    drills.data?.databases.find(({ database }) => database === data.database)?.recoveryTime ?? null;
  return (
    <>
      <dt className="text-text-3">Objectives</dt>
      <dd className="grid gap-0.5">
        <span>
          {point === null
            ? 'RPO: not known, it could not be read yet'
            : `RPO ${formatDuration(point.objectiveSeconds)}: so much may be lost at most`}
          {point?.ageSeconds == null
            ? ''
            : `; the newest good copy is ${formatDuration(point.ageSeconds)} old now`}
        </span>
        <span>
          {time === null ? (
            'RTO: not known, it could not be read yet'
          ) : (
            <>
              RTO {formatDuration(time.objectiveSeconds)}:{' '}
              <Outage seconds={outageSeconds} objective={time.objectiveSeconds} />
            </>
          )}
        </span>
      </dd>
    </>
  );
}

function Outage({ seconds, objective }: { seconds: number | null; objective: number }) {
  if (seconds === null) return 'whether this keeps it is not known';
  return seconds <= objective ? 'this keeps it' : <StateText tone="warn">this takes longer</StateText>;
}
