'use client';

import { cx } from '@/components/ui/class-names';
import { formatBytes } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { ScrollX } from '@/components/ui/scroll-x';
import { StateText } from '@/components/ui/state';
import { Th } from '@/components/ui/table';
import type { DatabaseView, ServerView } from '@/lib/database/contract';

const cell = 'h-8 whitespace-nowrap px-2 first:pl-3 last:pr-3';

/** The settings that guide 000 names, as the server has them (DBO-02), and the versions that the guides ask for. */
export function SettingsPanel({ settings, server }: Pick<DatabaseView, 'settings' | 'server'>) {
  const known = settings.state === 'missing' ? null : settings.value;
  return (
    <Panel title="Settings" note="beside those of guide 000, which does not know this machine">
      <ReadingNote reading={settings} what="Settings" />
      {known === null ? null : (
        <ScrollX label="Settings">
          <table className="w-full border-collapse">
            <caption className="sr-only">Settings of the server</caption>
            <thead>
              <tr>
                <Th>Setting</Th>
                <Th end>Here</Th>
                <Th end>Guide</Th>
                <Th>Compared</Th>
              </tr>
            </thead>
            <tbody>
              {known.lines.map(({ name, guide, shown, same, pendingRestart }) => (
                <tr key={name} className="border-line border-b">
                  <td className={cx(cell, 'mono')}>{name}</td>
                  <td className={cx(cell, 'mono max-w-48 truncate text-right')}>
                    {shown === null ? '–' : shown.trim() === '' ? 'empty' : shown}
                  </td>
                  <td className={cx(cell, 'mono text-right text-text-3')}>{guide}</td>
                  <td className={cell}>
                    {pendingRestart ? (
                      <StateText tone="hold">Waits for a restart</StateText>
                    ) : same === null ? (
                      <StateText tone="unknown">Not shown to us</StateText>
                    ) : same ? (
                      <StateText tone="ok">As the guide</StateText>
                    ) : (
                      'Another value'
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollX>
      )}
      {known?.memory ? (
        <p className="px-3 py-2 text-pretty text-meta text-text-2 max-sm:px-4">
          When every connection sorts at the same time: {known.memory.sum} = {formatBytes(known.memory.bytes)}{' '}
          of memory. A query with several sorts takes work_mem for each.
        </p>
      ) : null}
      {server.state === 'missing' ? null : <Versions server={server.value} />}
    </Panel>
  );
}

/** The guides ask for different versions: which of them this server meets. */
function Versions({ server: { major, guideVersions, support } }: { server: ServerView }) {
  const unmet = guideVersions.filter(({ met }) => !met);
  return (
    <p className="border-line border-t px-3 py-2 text-pretty text-meta text-text-2 max-sm:px-4">
      The guides do not agree on a version:{' '}
      {guideVersions.map(({ guide, what }) => `${guide} names ${what}`).join(', ')}.{' '}
      {unmet.length === 0
        ? `PostgreSQL ${major} is enough for all of them.`
        : `PostgreSQL ${major} is older than ${unmet.map(({ guide }) => guide).join(', ')} would have it.`}{' '}
      {support.ends === null ? (
        'Until when it is supported is not known here.'
      ) : (
        <>
          Its last corrections {support.state === 'ended' ? 'came' : 'come'} on {support.ends} (
          <a
            href="https://www.postgresql.org/support/versioning/"
            target="_blank"
            rel="noopener noreferrer"
            className="text-accent underline"
          >
            postgresql.org
          </a>
          ).
        </>
      )}
    </p>
  );
}
