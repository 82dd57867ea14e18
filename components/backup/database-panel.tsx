import Link from 'next/link';
import { BackUpNow } from '@/components/database/ask-buttons';
import { Chip } from '@/components/ui/chip';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { StateBadge, StateText } from '@/components/ui/state';
import type { BackupDatabase } from '@/lib/backup/contract';
import type { DrillsView } from '@/lib/backup/drill/contract';
import type { RetentionView } from '@/lib/backup/retention/contract';
import { paths } from '@/lib/core/paths';
import { CopyList } from './copy-list';
import { DrillPart } from './drill-part';
import { Figures } from './figures';
import { RecoveryNotes } from './guide-notes';
import { RetentionPart } from './retention-part';
import { SetAsideList } from './set-aside-list';
import { pointTone, pointWord } from './words';

type DatabasePanelProps = {
  database: BackupDatabase;
  view: RetentionView | undefined;
  drills: DrillsView | undefined;
  mayRehearse: boolean;
};

/** One database: how its copies stand, what a restore would lose, what stays and what leaves. */
export function DatabasePanel({ database, view, drills, mayRehearse }: DatabasePanelProps) {
  const {
    id,
    name,
    tier,
    environment,
    region,
    service,
    isBackedUp,
    job,
    hasScratch,
    recoveryPoint,
    standstill,
  } = database;
  return (
    <Panel
      title={name}
      note={
        <>
          T{tier}
          {name.endsWith(region) ? null : ` · ${region}`}
        </>
      }
      end={
        <>
          {service === null ? null : (
            <Link
              href={paths.service(service)}
              className="text-accent hover:underline max-sm:flex max-sm:min-h-11 max-sm:items-center"
            >
              {service}
            </Link>
          )}
          {isBackedUp ? (
            <BackUpNow
              where={service === null ? null : { service, environment, region }}
              database={id}
              name={name}
              refusal={null}
            />
          ) : null}
          {isBackedUp ? (
            <StateBadge tone={pointTone[recoveryPoint.state]}>{pointWord[recoveryPoint.state]}</StateBadge>
          ) : (
            <Chip>no copies configured</Chip>
          )}
        </>
      }
      className="mt-4"
    >
      {isBackedUp ? (
        <>
          <Figures database={database} />
          <RecoveryNotes point={recoveryPoint} />
          {standstill === null ? null : (
            <p className="px-3 pb-2 max-sm:px-4">
              <StateText tone="hold">No copy is made now</StateText>{' '}
              <span className="text-text-2">{standstill}</span>
            </p>
          )}
          {job === null ? null : (
            <p className="px-3 pb-2 text-text-2 max-sm:px-4">
              Copies are made by Jobs of <span className="mono break-all">{job}</span> in the cluster; each
              has its Job and the log of its pod below.
            </p>
          )}
          {hasScratch ? null : (
            <p className="px-3 pb-2 text-text-2 max-sm:px-4">
              No copy is proven by a restore: signalbox.yaml names no scratch server for it.
            </p>
          )}
          {drills === undefined ? null : (
            <DrillPart view={drills} name={name} tier={tier} mayRehearse={mayRehearse} />
          )}
          {view === undefined ? null : <RetentionPart view={view} name={name} />}
          <SetAsideList databases={database.setAside} name={name} />
          <CopyList database={database} view={view} />
        </>
      ) : (
        <EmptyState
          title="No copies are made of it here"
          why="signalbox.yaml says nothing under backup. What would be lost is not known, which is never good."
        />
      )}
    </Panel>
  );
}
