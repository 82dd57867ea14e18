'use client';

import { useQuery } from '@tanstack/react-query';
import { useEnvironment } from '@/components/shell/environment';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { SkeletonRows } from '@/components/ui/skeleton';
import { toProblem } from '@/lib/http/client';
import { servicesQuery } from '@/lib/service/client';
import { ServiceTable } from './service-table';

/** Every service of the environment, by urgency. */
export function ServicesScreen() {
  const environment = useEnvironment();
  const { data, error, refetch } = useQuery(servicesQuery(environment));
  return (
    <>
      <h1 className="mb-4 font-medium text-page">Services</h1>
      <Panel title={`In ${environment}`} note={data ? `${data.services.length} placements` : undefined}>
        {data ? (
          data.services.length > 0 ? (
            <ServiceTable services={data.services} fold={false} />
          ) : (
            <EmptyState
              title="No service runs here"
              why={`signalbox.yaml places no service in ${environment}.`}
            />
          )
        ) : error ? (
          <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
        ) : (
          <SkeletonRows rows={6} label="services" />
        )}
      </Panel>
    </>
  );
}
