'use client';

import Link from 'next/link';
import { EmptyState } from '@/components/ui/empty-state';
import { StateText } from '@/components/ui/state';
import { Time } from '@/components/ui/time-ago';
import type { ChangeRow } from '@/lib/change/contract';
import { stateText } from '@/lib/change/words';
import { paths } from '@/lib/core/paths';
import { changeTone } from './tone';

/** A short list of changes, newest first. */
export function ChangeTable({ changes, caption }: { changes: ChangeRow[]; caption: string }) {
  if (changes.length === 0) {
    return <EmptyState title="No changes" why="What is asked for stands here with its outcome." />;
  }
  return (
    <table className="w-full border-collapse">
      <caption className="sr-only">{caption}</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Change</th>
          <th scope="col">Asked by</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr
            key={change.id}
            className="relative h-8 border-line border-b last:border-b-0 hover:bg-raised max-sm:grid max-sm:h-auto max-sm:grid-cols-[minmax(0,1fr)_auto] max-sm:gap-x-2 max-sm:px-4 max-sm:py-2"
          >
            <td className="w-26 pl-3 text-text-3 max-sm:order-3 max-sm:w-auto max-sm:p-0">
              <Time at={change.createdAt} parts="short" className="mono whitespace-nowrap" />
            </td>
            <td className="min-w-0 px-2 max-sm:order-1 max-sm:p-0">
              <Link href={paths.change(change.id)} className="row-link">
                {change.title}
              </Link>{' '}
              <span className="mono text-text-3">{(change.regions ?? [change.region]).join(', ')}</span>
            </td>
            <td className="w-36 px-2 text-text-2 max-md:hidden">{change.requesterName}</td>
            <td className="w-44 pr-3 max-sm:order-2 max-sm:w-auto max-sm:p-0">
              <StateText tone={changeTone[change.state]}>{stateText(change)}</StateText>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
