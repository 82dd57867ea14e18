'use client';

import { useQuery } from '@tanstack/react-query';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { SkeletonRows } from '@/components/ui/skeleton';
import { serviceDatabaseQuery } from '@/lib/database/client';
import type { ServiceDatabase } from '@/lib/database/contract';
import { toProblem } from '@/lib/http/client';
import { BackUpNow, Restore, type Where } from './ask-buttons';
import { ConnectionsPanel } from './connections-panel';
import { DatabaseHead } from './database-head';
import { FailoverPanel } from './failover-panel';
import { PoolPanel } from './pool-panel';
import { ReplicationPanel } from './replication-panel';
import { SessionsPanel } from './sessions-panel';
import { SettingsPanel } from './settings-panel';
import { SizePanel } from './size-panel';
import { StatementsPanel } from './statements-panel';

/** The tab Database of a service: what its PostgreSQL does now, and how far it is from its limits. */
export function ServiceDatabasePanels({ where }: { where: Where }) {
  const { data, error, refetch } = useQuery(serviceDatabaseQuery(where));
  if (!data) {
    return (
      <Panel title="Database">
        {error ? (
          <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
        ) : (
          <SkeletonRows rows={8} label="the database" />
        )}
      </Panel>
    );
  }
  return <DatabaseTab view={data} />;
}

export function DatabaseTab({ view }: { view: ServiceDatabase }) {
  const { database } = view;
  if (database === null) {
    return (
      <Panel title="Database">
        <EmptyState
          title="No database is configured here"
          why={
            <>
              Signalbox looks after the databases that signalbox.yaml names. Add one to{' '}
              <span className="mono">databases</span> with{' '}
              <span className="mono">
                service: {view.service}, environment: {view.environment}, region: {view.region}
              </span>
              ; <span className="mono">npx signalbox config check</span> tells whether it can be read.
            </>
          }
        />
      </Panel>
    );
  }
  const { service, environment, region } = view;
  const where = { service, environment, region };
  return (
    <>
      <DatabaseHead view={database}>
        <BackUpNow
          where={where}
          database={database.id}
          name={database.name}
          refusal={database.refusals.backup}
        />
        <Restore
          where={where}
          database={database.id}
          name={database.name}
          refusal={database.refusals.restore}
        />
      </DatabaseHead>
      <SessionsPanel database={database} where={where} />
      <StatementsPanel statements={database.statements} />
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <div className="grid min-w-0 gap-4">
          <ConnectionsPanel connections={database.connections} pool={database.pool} />
          <ReplicationPanel replication={database.replication} />
          <SizePanel size={database.size} growth={database.growth} />
        </div>
        <div className="grid min-w-0 gap-4">
          <PoolPanel pool={database.pool} connections={database.connections} />
          <SettingsPanel settings={database.settings} server={database.server} />
        </div>
      </div>
      <FailoverPanel failover={database.failover} />
    </>
  );
}
