'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useEnvironment } from '@/components/shell/environment';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { SkeletonRows } from '@/components/ui/skeleton';
import { meQuery } from '@/lib/access/client';
import { changesQuery } from '@/lib/change/client';
import { outcomes, outcomeWords } from '@/lib/change/history/model';
import { changeKinds } from '@/lib/core/change-kind';
import { paths } from '@/lib/core/paths';
import { toProblem } from '@/lib/http/client';
import { ChangeTable } from './change-table';
import { Choice } from './history/choice';
import { daysInUrl } from './history/history-url';
import { MeasuresPanel } from './history/measures-panel';
import { kindLabels } from './plan-kinds';
import { StopButton, SwitchPanel } from './switch-panel';

type ChangesScreenProps = {
  filter: { service?: string; kind?: string; outcome?: string; state?: string; before?: string };
  /** Of the measures. */
  days: string;
  services: { id: string; name: string }[];
};

const pageLink = 'text-accent hover:underline max-sm:min-h-11 max-sm:content-center';

/** Every change there was, newest first; the filter is the URL. */
export function ChangesScreen({ filter, days, services }: ChangesScreenProps) {
  const { data, error, refetch } = useQuery(changesQuery(filter));
  const { data: me } = useQuery(meQuery());
  const environment = useEnvironment();
  const { before: _, ...first } = filter;
  const isFiltered = Object.keys(filter).length > 0;
  /** The list with a part of the filter changed; another filter begins at the newest change again. */
  const href = (part: Partial<ChangesScreenProps['filter']>) =>
    paths.changes({ ...first, ...part, days: daysInUrl(days) });
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <h1 className="font-medium text-page">Changes</h1>
        <div className="ml-auto flex gap-2">
          <StopButton />
          {me?.permissions.plan ? (
            <ButtonLink
              kind="primary"
              href={paths.newChange('deploy', filter.service ? { service: filter.service } : {})}
            >
              Plan a change…
            </ButtonLink>
          ) : null}
        </div>
      </div>
      <SwitchPanel />
      <div className="mb-3 flex flex-wrap gap-2">
        <Choice
          label="Service"
          all="All"
          current={filter.service ?? ''}
          items={services.map((each) => ({ key: each.id, label: each.name }))}
          href={(service) => href({ service })}
        />
        <Choice
          label="Kind"
          all="All kinds"
          current={filter.kind ?? ''}
          items={changeKinds.map((kind) => ({ key: kind, label: kindLabels[kind] }))}
          href={(kind) => href({ kind })}
        />
        <Choice
          label="Outcome"
          all="All outcomes"
          current={filter.outcome ?? ''}
          items={outcomes.map((outcome) => ({ key: outcome, label: outcomeWords[outcome] }))}
          href={(outcome) => href({ outcome })}
        />
      </div>
      <Panel
        title={isFiltered ? 'Matching changes' : 'All changes'}
        note={data ? `${data.changes.length} shown` : undefined}
      >
        {data ? (
          data.changes.length === 0 && isFiltered ? (
            <EmptyState
              title="No changes match"
              why="There is no change of this service, kind and outcome."
              action={
                <Link href={paths.changes({ days: daysInUrl(days) })} className={pageLink}>
                  Show all of them
                </Link>
              }
            />
          ) : (
            <ChangeTable changes={data.changes} caption="All changes" />
          )
        ) : error ? (
          <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
        ) : (
          <SkeletonRows rows={8} label="changes" />
        )}
        {data && (data.next !== null || filter.before) ? (
          <nav
            aria-label="Pages of changes"
            className="flex gap-4 border-line border-t px-3 py-2 max-sm:px-4"
          >
            {filter.before ? (
              <Link
                href={paths.changes({ ...first, days: daysInUrl(days) })}
                scroll={false}
                className={pageLink}
              >
                Newest
              </Link>
            ) : null}
            {data.next === null ? null : (
              <Link
                href={paths.changes({ ...first, before: data.next, days: daysInUrl(days) })}
                scroll={false}
                className={pageLink}
              >
                Older changes
              </Link>
            )}
          </nav>
        ) : null}
      </Panel>
      <div className="mt-4">
        <MeasuresPanel
          service={filter.service}
          environment={environment}
          days={days}
          hrefOf={(chosen) => paths.changes({ ...filter, days: daysInUrl(chosen) })}
        />
      </div>
    </>
  );
}
