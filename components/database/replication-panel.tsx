'use client';

import { cx } from '@/components/ui/class-names';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { ScrollX } from '@/components/ui/scroll-x';
import { StateText } from '@/components/ui/state';
import { Th } from '@/components/ui/table';
import type { DatabaseView } from '@/lib/database/contract';
import { bytesText, lagTones, lagWords, limitText, spanText } from './text';

const cell = 'whitespace-nowrap px-2 py-1.5 align-top first:pl-3 last:pr-3';

/** Lag of each standby in time and bytes, and of this server where it is one (DBO-07). */
export function ReplicationPanel({ replication }: Pick<DatabaseView, 'replication'>) {
  const known = replication.state === 'missing' ? null : replication.value;
  return (
    <Panel title="Replication" note={known === null ? undefined : `limit ${limitText(known.limitSeconds)}`}>
      <ReadingNote reading={replication} what="Replication" />
      {known?.receiving ? (
        <p className="flex flex-wrap items-baseline gap-x-2 border-line border-b px-3 py-2 last:border-b-0 max-sm:px-4">
          <StateText tone={lagTones[known.receiving.state]}>{lagWords[known.receiving.state]}</StateText>
          <span>
            This server is a standby. {known.receiving.sentence}
            {known.receiving.bytes === null ? '' : ` ${bytesText(known.receiving.bytes)} to replay.`}
          </span>
        </p>
      ) : null}
      {known !== null && known.standbys.length === 0 && known.receiving === null ? (
        <EmptyState
          title="No standby"
          why="None is connected to this server: its data lives once, and a failover has nowhere to go."
        />
      ) : null}
      {known !== null && known.standbys.length > 0 ? (
        <ScrollX label="Standbys">
          <table className="w-full border-collapse">
            <caption className="sr-only">Standbys of this server</caption>
            <thead>
              <tr>
                <Th>Lag</Th>
                <Th>Standby</Th>
                <Th end>Time</Th>
                <Th end>Bytes</Th>
                <Th className="max-sm:hidden">Mode</Th>
              </tr>
            </thead>
            <tbody>
              {known.standbys.map(({ name, address, mode, sync, lag }) => (
                <tr key={`${name} ${address}`} className="border-line border-b last:border-b-0">
                  <td className={cell}>
                    <StateText tone={lagTones[lag.state]}>{lagWords[lag.state]}</StateText>
                  </td>
                  <td className={cx(cell, 'whitespace-normal')}>
                    {name} <span className="mono text-text-3">{address ?? ''}</span>
                    <span className="block text-meta text-text-2">{lag.sentence}</span>
                  </td>
                  <td className={cx(cell, 'text-right')}>{spanText(lag.seconds)}</td>
                  <td className={cx(cell, 'text-right')}>{bytesText(lag.bytes)}</td>
                  <td className={cx(cell, 'max-sm:hidden')}>
                    {mode}
                    {sync === null ? '' : `, ${sync}`}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollX>
      ) : null}
    </Panel>
  );
}
