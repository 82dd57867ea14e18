'use client';

import { cx } from '@/components/ui/class-names';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { ScrollX } from '@/components/ui/scroll-x';
import { StateText } from '@/components/ui/state';
import { Th } from '@/components/ui/table';
import type { DatabaseView, SessionRow } from '@/lib/database/contract';
import { EndSession, type Where } from './ask-buttons';
import { sessionTone, spanText } from './text';

const cell = 'whitespace-nowrap px-2 pt-1.5 align-top first:pl-3 last:pr-3';

type Asked = Pick<DatabaseView, 'id' | 'sessions' | 'server' | 'refusals'>;

/** Sessions of this database: those that do something first, the longest first. */
export function SessionsPanel({ database, where }: { database: Asked; where: Where }) {
  const { sessions, server } = database;
  const known = sessions.state === 'missing' ? null : sessions.value;
  const busy = known?.rows.filter(({ state }) => state !== 'idle' && state !== null).length ?? 0;
  return (
    <Panel
      title="Sessions"
      note={
        known === null
          ? undefined
          : `${known.rows.length} listed, ${busy} not idle; values are left out of queries`
      }
    >
      <ReadingNote reading={sessions} what="Sessions" />
      {known !== null && known.rows.length === 0 ? (
        <EmptyState
          title="No sessions"
          why="Nobody but this console is connected to this database now: pods open connections when they need them."
        />
      ) : null}
      {known !== null && known.hidden > 0 && server.state !== 'missing' && server.value.grant !== null ? (
        <p className="border-line border-b px-3 py-2 text-meta text-text-2 max-sm:px-4">
          {known.hidden === 1 ? 'One session is' : `${known.hidden} sessions are`} of other accounts: what
          they do is hidden from {server.value.account}. <span className="mono">{server.value.grant}</span>{' '}
          shows it.
        </p>
      ) : null}
      {known !== null && known.rows.length > 0 ? (
        <ScrollX label="Sessions" className="max-h-120 overflow-y-auto">
          <table className="w-full border-collapse">
            <caption className="sr-only">Sessions, those that are not idle first, the longest first</caption>
            <thead>
              <tr>
                <Th>State</Th>
                <Th end>For</Th>
                <Th end>Transaction</Th>
                <Th className="max-sm:hidden">Waits for</Th>
                <Th className="max-sm:hidden">Application</Th>
                <Th className="max-md:hidden">Account</Th>
                <Th className="max-md:hidden">From</Th>
                <Th end className="max-sm:hidden">
                  Process
                </Th>
                <Th end>
                  <span className="sr-only">Act</span>
                </Th>
              </tr>
            </thead>
            <tbody>
              {known.rows.map((row) => (
                <SessionLine key={row.pid} row={row} database={database} where={where} />
              ))}
            </tbody>
          </table>
        </ScrollX>
      ) : null}
      {known?.more ? (
        <p className="border-line border-t px-3 py-2 text-meta text-text-2">
          The first {known.rows.length}, the longest of those that are not idle first.
        </p>
      ) : null}
    </Panel>
  );
}

/** What it waits for and which processes hold that; null: nothing. */
function waitText({ wait, blockedBy }: SessionRow): string | null {
  if (blockedBy.length === 0) return wait;
  return `${wait ?? 'a lock'}, held by ${blockedBy.join(', ')}`;
}

function SessionLine({ row, database, where }: { row: SessionRow; database: Asked; where: Where }) {
  return (
    <>
      <tr>
        <td className={cell}>
          <StateText tone={sessionTone(row)}>{row.state ?? 'hidden'}</StateText>
        </td>
        <td className={cx(cell, 'text-right')}>{spanText(row.seconds)}</td>
        <td className={cx(cell, 'text-right')}>{spanText(row.transactionSeconds)}</td>
        <td className={cx(cell, 'max-sm:hidden', row.blockedBy.length > 0 && 'font-semibold text-warn')}>
          {waitText(row) ?? '–'}
        </td>
        <td className={cx(cell, 'max-sm:hidden')}>{row.application === '' ? '–' : row.application}</td>
        <td className={cx(cell, 'max-md:hidden')}>{row.user ?? '–'}</td>
        <td className={cx(cell, 'mono text-text-3 max-md:hidden')}>{row.address ?? '–'}</td>
        <td className={cx(cell, 'mono text-right text-text-3 max-sm:hidden')}>{row.pid}</td>
        <td className={cx(cell, 'text-right')}>
          <EndSession
            where={where}
            database={database.id}
            session={row}
            refusal={database.refusals.endSession}
          />
        </td>
      </tr>
      <tr className="border-line border-b last:border-b-0">
        <td colSpan={9} className="px-3 pb-1.5">
          <span className="block text-meta text-text-3 sm:hidden">
            {[`process ${row.pid}`, row.application].filter(Boolean).join(', ')}
            {row.wait === null && row.blockedBy.length === 0 ? null : (
              <span className={cx(row.blockedBy.length > 0 && 'font-semibold text-warn')}>
                , waits for {waitText(row)}
              </span>
            )}
          </span>
          <code className="line-clamp-2 wrap-anywhere text-text-2" title={row.query ?? undefined}>
            {row.query === null ? (
              <span className="font-sans text-text-3">
                {row.state === null ? 'Its query is hidden from our account.' : 'It has asked nothing yet.'}
              </span>
            ) : (
              <>
                {row.state === 'idle' ? <span className="font-sans text-text-3">last: </span> : null}
                {row.query}
              </>
            )}
          </code>
        </td>
      </tr>
    </>
  );
}
