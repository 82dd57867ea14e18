import type { ReactNode } from 'react';
import { formatBytes, formatCount } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { ScrollX } from '@/components/ui/scroll-x';
import { StateGlyph } from '@/components/ui/state';
import { Th } from '@/components/ui/table';
import { Time, TimeAgo } from '@/components/ui/time-ago';
import type { DeployPlan } from '@/lib/change/contract';
import type { RestoreData } from '@/lib/change/data/contract';
import { formatDuration } from '@/lib/core/duration';
import { RestoreNotes } from './restore-notes';
import { RestoreObjectives } from './restore-objectives';

const list = 'grid gap-x-4 gap-y-1 p-3 max-sm:px-4 sm:grid-cols-[160px_minmax(0,1fr)]';
const downSteps: readonly string[] = ['close', 'load', 'switch'];

/** How long nobody gets in, by what the steps usually take; null where that is not known of one of them. */
export function outageSeconds({ steps }: Pick<DeployPlan, 'steps'>): number | null {
  const down = steps.filter(({ kind }) => downSteps.includes(kind));
  const known = down.flatMap(({ usualSeconds }) => usualSeconds ?? []);
  return down.length === 0 || known.length < down.length ? null : known.reduce((sum, one) => sum + one, 0);
}

type RestorePartProps = { plan: DeployPlan; data: RestoreData };

/** What a restore costs comes first; then what differs, and what is left of both databases. */
export function RestorePart({ plan, data }: RestorePartProps) {
  return (
    <>
      <Consequence plan={plan} data={data} />
      <Rows data={data} />
      <Names data={data} />
    </>
  );
}

const Term = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt className="text-text-3">{name}</dt>
    <dd className="min-w-0 break-words">{children}</dd>
  </>
);

function Consequence({ plan, data }: RestorePartProps) {
  const { copy, rows, bytes, sessions, safetyCopy } = data;
  const outage = outageSeconds(plan);
  return (
    <Panel title="What this costs" note="as it was when the plan was made">
      <dl className={list}>
        <Term name="Data afterwards">
          as of <Time at={copy.snapshotAt} parts="full" className="mono" /> (<TimeAgo at={copy.snapshotAt} />)
        </Term>
        <Term name="Lost">
          <StateGlyph tone="crit" className="-mt-0.5 mr-1 inline-block size-3.5" />
          everything that was written since, and until the database is closed:{' '}
          <span className="font-medium">{rowsText(rows)}</span>
        </Term>
        <Term name="Not available">
          from the first closed session to the switch:{' '}
          <span className="font-medium">
            {outage === null ? 'how long is not known, no drill says it' : `about ${formatDuration(outage)}`}
          </span>
        </Term>
        <Term name="Sessions">
          {sessions === 0
            ? 'none of others; those that come meanwhile are ended'
            : `${formatCount(sessions)} of others ${sessions === 1 ? 'is' : 'are'} ended; what they have not committed is rolled back`}
        </Term>
        <Term name="Size">
          {formatBytes(bytes)} now; {formatBytes(copy.databaseBytes)} when it was copied, as a file{' '}
          {formatBytes(copy.bytes)}
        </Term>
        <RestoreObjectives plan={plan} data={data} outageSeconds={outage} />
        <Term name="Safety copy">
          {safetyCopy ? (
            'made first: one more copy of what is there now'
          ) : (
            <>
              <StateGlyph tone="warn" className="-mt-0.5 mr-1 inline-block size-3.5" />
              none: what was written since the copy is then in the old database alone, while it is kept
            </>
          )}
        </Term>
      </dl>
      <div className="border-line border-t px-3 py-2 max-sm:px-4">
        <RestoreNotes />
      </div>
    </Panel>
  );
}

function rowsText({ tables, copy, now }: RestoreData['rows']): string {
  const there = now === null ? 'how many there are now could not be counted' : `${formatCount(now)} now`;
  const counted = `${formatCount(copy)} rows in the copy, ${there}`;
  return `${counted} (${tables} ${tables === 1 ? 'table' : 'tables'})`;
}

const cell = 'border-line border-b px-2 py-1 first:pl-3 last:pr-3';
const figure = `${cell} whitespace-nowrap text-right`;

function Rows({ data: { rows } }: { data: RestoreData }) {
  const { differing, unnamed, now: counted } = rows;
  if (counted === null) {
    return (
      <Panel title="Rows that differ">
        <p className="p-3 text-text-2 max-sm:px-4">
          Not known: the rows that are there now could not be counted. The checks say why.
        </p>
      </Panel>
    );
  }
  if (differing.length === 0) {
    return (
      <Panel title="Rows that differ">
        <p className="p-3 text-text-2 max-sm:px-4">
          Every table has as many rows as the copy. Rows that were changed in place are not counted by that.
        </p>
      </Panel>
    );
  }
  return (
    <Panel title="Rows that differ" note="rows that were changed in place are not counted">
      <ScrollX label="Rows that differ">
        <table className="w-full border-collapse">
          <caption className="sr-only">Rows of each table in the copy and now, most different first</caption>
          <thead>
            <tr>
              <Th>Table</Th>
              <Th end>In the copy</Th>
              <Th end>Now</Th>
              <Th end>Afterwards</Th>
            </tr>
          </thead>
          <tbody>
            {differing.map(({ table, copy, now }) => (
              <tr key={table}>
                <td className={`${cell} mono wrap-anywhere`}>{table}</td>
                <td className={figure}>{copy === null ? 'not counted' : formatCount(copy)}</td>
                <td className={figure}>{now === null ? 'no such table' : formatCount(now)}</td>
                <td className={figure}>{differenceText(copy, now)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
      {unnamed === 0 ? null : (
        <p className="px-3 py-2 text-text-2 max-sm:px-4">
          And {unnamed} more {unnamed === 1 ? 'table that differs' : 'tables that differ'} less.
        </p>
      )}
    </Panel>
  );
}

/** What becomes of a table that has so many rows now. */
export function differenceText(copy: number | null, now: number | null): string {
  if (copy === null) return 'not known';
  if (now === null) return 'comes back';
  if (copy === now) return 'as many';
  const difference = formatCount(Math.abs(copy - now));
  return copy < now ? `${difference} fewer` : `${difference} more`;
}

const Names = ({ data: { name, serverDatabase, serverVersion, owner, copy, tool, keepSeconds } }: Named) => (
  <Panel title="What is kept">
    <dl className={list}>
      <Term name="Database">
        {name} <span className="mono text-text-2">{serverDatabase}</span>, PostgreSQL {serverVersion}, of{' '}
        <span className="mono">{owner}</span>
      </Term>
      <Term name="Takes its name">
        a new database with the copy in it; its settings and rights are those of the old one
      </Term>
      <Term name="The old database">
        kept for {formatDuration(keepSeconds)} as{' '}
        <span className="mono wrap-anywhere">{serverDatabase}_pre_</span> and the number of this change,
        closed and as it was
      </Term>
      <Term name="Copy">
        <span className="mono wrap-anywhere">{copy.object}</span>, SHA-256{' '}
        <span className="mono">{copy.sha256.slice(0, 16)}</span>
      </Term>
      <Term name="Proven">
        restored and found right (L4) <TimeAgo at={copy.provenAt} />
      </Term>
      <Term name="Tool">
        {tool.name} {tool.version}
      </Term>
    </dl>
  </Panel>
);
type Named = { data: RestoreData };
