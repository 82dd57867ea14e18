'use client';

import { cx } from '@/components/ui/class-names';
import { formatRatio } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { ScrollX } from '@/components/ui/scroll-x';
import { StateGlyph } from '@/components/ui/state';
import { Th } from '@/components/ui/table';
import type { DatabaseView, PoolView } from '@/lib/database/contract';

const cell = 'h-8 whitespace-nowrap px-2 first:pl-3 last:pr-3';

/** Connections by state: the whole server shares one limit. SHOW max_connections is that limit and no use. */
export function ConnectionsPanel({ connections, pool }: Pick<DatabaseView, 'connections' | 'pool'>) {
  const known = connections.state === 'missing' ? null : connections.value;
  return (
    <Panel
      title="Connections"
      note={
        known === null ? undefined : `${known.used} of ${known.max - known.reserved} that the server gives`
      }
    >
      <ReadingNote reading={connections} what="Connections" />
      {known === null ? null : (
        <ScrollX label="Connections by state">
          <table className="w-full border-collapse">
            <caption className="sr-only">Connections by state</caption>
            <thead>
              <tr>
                <Th>State</Th>
                <Th end>This database</Th>
                <Th end>Others on the server</Th>
              </tr>
            </thead>
            <tbody>
              {known.states.map(({ state, own, others }) => (
                <tr key={state} className="border-line border-b last:border-b-0">
                  <td className={cell}>{state}</td>
                  <td className={cx(cell, 'text-right')}>{own}</td>
                  <td className={cx(cell, 'text-right')}>{others}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollX>
      )}
      <Measured measured={pool.measured} />
    </Panel>
  );
}

/** What the service itself says of its pool; a metric that is not exposed is missing, not well. */
function Measured({ measured: { share, absence } }: { measured: PoolView['measured'] }) {
  return (
    <p className="flex items-start gap-2 border-line border-t px-3 py-2 text-pretty text-meta text-text-2 max-sm:px-4">
      {absence === null ? null : <StateGlyph tone="unknown" className="size-3.5 translate-y-px" />}
      <span>
        {absence !== null ? (
          <>
            <b className="font-medium">
              {absence.kind === 'not-configured' || absence.kind === 'metric-missing'
                ? 'Metric missing'
                : 'No data'}
              .
            </b>{' '}
            In use of those allowed, as Prometheus has it (SLI-07): {absence.sentence}
            {absence.add === null ? null : (
              <>
                {' '}
                Add to signalbox.yaml: <span className="mono">{absence.add}</span>.
              </>
            )}
          </>
        ) : share.state === 'missing' ? (
          'In use of those allowed, as Prometheus has it (SLI-07): no data.'
        ) : (
          `Prometheus has ${formatRatio(share.value)} of the allowed connections in use (SLI-07).`
        )}
      </span>
    </p>
  );
}
