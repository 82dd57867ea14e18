import Link from 'next/link';
import { Level } from '@/components/backup/level';
import { EmptyState } from '@/components/ui/empty-state';
import { formatBytes } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { Time } from '@/components/ui/time-ago';
import type { CopyView } from '@/lib/backup/contract';
import type { BackupData } from '@/lib/change/data/contract';
import { levelWords } from '@/lib/change/data/sentence';
import { paths } from '@/lib/core/paths';

/** The copy of a change: how far it is proven, and where it stands among the others. */
export function CopyPanel({ copy, data }: { copy: CopyView | null; data: BackupData }) {
  return (
    <Panel
      title="The copy"
      note={`has to reach ${levelWords(data.level)}`}
      end={
        <Link href={paths.backups()} className="text-accent hover:underline">
          All copies
        </Link>
      }
    >
      {copy === null ? (
        <EmptyState title="No copy" why="It was not asked for yet, or was withdrawn before it began." />
      ) : (
        <dl className="grid gap-x-4 gap-y-1 p-3 max-sm:px-4 sm:grid-cols-[140px_minmax(0,1fr)]">
          <dt className="text-text-3">State</dt>
          <dd>
            <Level {...copy} />
          </dd>
          <dt className="text-text-3">File</dt>
          <dd className="mono break-all">{copy.object}</dd>
          <dt className="text-text-3">Data as of</dt>
          <dd>
            {copy.snapshotAt === null ? '–' : <Time at={copy.snapshotAt} parts="full" className="mono" />}
          </dd>
          <dt className="text-text-3">Size</dt>
          <dd>{copy.bytes === null ? '–' : formatBytes(copy.bytes)}</dd>
          {copy.error === null ? null : (
            <>
              <dt className="text-text-3">Failed</dt>
              <dd className="break-words">{copy.error}</dd>
            </>
          )}
        </dl>
      )}
    </Panel>
  );
}
