import type { ReactNode } from 'react';
import { Chip } from '@/components/ui/chip';
import { Copyable } from '@/components/ui/copyable';
import { Panel } from '@/components/ui/panel';
import { Time } from '@/components/ui/time-ago';
import { formatDuration } from '@/lib/core/duration';
import type { EarlierDefinition, SloData, SloPage } from '@/lib/slo/page/contract';
import { ExportLinks } from './export-links';
import type { PageChoice } from './page-url';
import { methodText, methodWhy } from './words';

const roleText = { total: 'All', good: 'Good', bad: 'Failed', healthy: 'Healthy' } as const;

type DefinitionPanelProps = { page: SloPage; data: SloData | null; choice: PageChoice };

/** What is promised, how it is counted, what was asked, and which definitions stood before. */
export function DefinitionPanel({ page, data, choice }: DefinitionPanelProps) {
  const { definition, earlier, gaps } = page;
  return (
    <Panel
      title="Definition and method"
      end={
        <span className="flex flex-wrap items-center gap-2 text-meta text-text-3">
          <ExportLinks page={page} choice={choice} />
          {definition.since === null ? null : (
            <>
              since <Time at={definition.since} parts="full" className="mono" />
            </>
          )}
          <Chip title="What names this definition">{definition.hash}</Chip>
        </span>
      }
    >
      <dl className="grid gap-x-6 gap-y-3 p-3 max-sm:px-4 lg:grid-cols-2">
        {definition.description === null ? null : <Fact name="Why">{definition.description}</Fact>}
        <Fact name="Indicator">{definition.indicator}</Fact>
        <Fact name="Method">{definition.method}</Fact>
        <Fact name="Window">{definition.window}</Fact>
        <Fact name="Groups">{definition.grouping}</Fact>
        {data === null ? null : (
          <Fact name="Counted">
            {data.counted.words}
            <Methods shares={data.counted.shares} />
          </Fact>
        )}
        {gaps.length > 0 ? (
          <Fact name="Gaps">
            {gaps.length === 1 ? '1 span' : `${gaps.length} spans`} without an answer, together{' '}
            {formatDuration(gaps.reduce((sum, { from, to }) => sum + to - from, 0))}; asked for again.
          </Fact>
        ) : null}
        {data !== null && data.invalid.length > 0 ? <Invalid buckets={data.invalid} /> : null}
      </dl>
      <div className="grid gap-2 border-line border-t p-3 max-sm:px-4">
        {definition.queries.map(({ role, promql }) => (
          <div key={`${role} ${promql}`} className="grid gap-1">
            <span className="text-meta text-text-3">{roleText[role]}</span>
            <code className="flex items-start justify-between gap-2 wrap-anywhere whitespace-pre-wrap rounded-control bg-raised p-2">
              {promql}
              <Copyable text={promql} shown="" className="flex-none" />
            </code>
          </div>
        ))}
      </div>
      {earlier.length > 0 ? <Earlier definitions={earlier} /> : null}
    </Panel>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="min-w-0">
    <dt className="text-meta text-text-3">{name}</dt>
    <dd className="max-w-[68ch] text-pretty">{children}</dd>
  </div>
);

/** What each method of a mixed window leaves out. */
const Methods = ({ shares }: { shares: SloData['counted']['shares'] }) =>
  shares.length < 2 ? null : (
    <span className="mt-1 grid gap-0.5 text-meta text-text-2">
      {shares.map(({ method }) => (
        <span key={method}>
          <b className="font-medium text-text">{methodText[method]}</b> {methodWhy[method]}
        </span>
      ))}
    </span>
  );

const Invalid = ({ buckets }: { buckets: SloData['invalid'] }) => (
  <Fact name="Impossible counts">
    <ul className="grid gap-0.5">
      {buckets.map(({ at, words }) => (
        <li key={at}>
          <Time at={new Date(at * 1000).toISOString()} parts="full" className="mono text-text-3" /> {words}
        </li>
      ))}
    </ul>
  </Fact>
);

const Earlier = ({ definitions }: { definitions: readonly EarlierDefinition[] }) => (
  <details className="border-line border-t">
    <summary className="flex min-h-10 items-center px-3 text-text-2 max-sm:px-4">
      {definitions.length === 1 ? '1 earlier definition' : `${definitions.length} earlier definitions`}; what
      they counted is in none of the figures above
    </summary>
    <ul className="border-line border-t">
      {definitions.map((one) => (
        <li key={one.hash} className="grid gap-1 border-line border-b px-3 py-2 last:border-b-0 max-sm:px-4">
          <span className="flex flex-wrap items-center gap-2 text-meta text-text-3">
            <Chip>{one.hash}</Chip>
            <span>
              from <Time at={one.seenFrom} parts="full" className="mono" />
              {one.seenTo === null ? null : (
                <>
                  {' '}
                  to <Time at={one.seenTo} parts="full" className="mono" />
                </>
              )}
            </span>
            {one.from === null || one.to === null ? (
              <span>no counts</span>
            ) : (
              <span>
                counts of <Time at={one.from} parts="full" className="mono" /> to{' '}
                <Time at={one.to} parts="full" className="mono" />
              </span>
            )}
          </span>
          <span className="max-w-[92ch]">{one.words}</span>
        </li>
      ))}
    </ul>
  </details>
);
