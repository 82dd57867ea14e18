'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { HistoryLook } from '@/components/change/history/history-url';
import { ServiceHistory } from '@/components/change/history/service-history';
import { ServiceDatabasePanels } from '@/components/database/database-panels';
import { GateLine } from '@/components/slo/gate-line';
import { Button, ButtonLink } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { SegmentedLinks, TabLinks } from '@/components/ui/segmented';
import { SkeletonRows } from '@/components/ui/skeleton';
import { StateBadge, StateGlyph, toneText } from '@/components/ui/state';
import { paths } from '@/lib/core/paths';
import { toProblem } from '@/lib/http/client';
import { serviceQuery } from '@/lib/service/client';
import { type Range, ranges, type ServiceView } from '@/lib/service/contract';
import { AlertList } from './alert-list';
import { bandTone } from './figure';
import { ServiceChartsPanel } from './service-charts';
import { ServiceFigures } from './service-figures';
import { ServiceSlisPanel } from './service-slis';
import { ServiceWorkloadsPanels } from './service-workloads';
import { type ServiceTab, serviceTabs } from './tabs';
import { serviceTone, serviceWord } from './tone';

type ServiceScreenProps = {
  service: string;
  environment: string;
  region: string;
  tab: ServiceTab;
  range: Range;
  /** What the tab of changes shows. */
  history: HistoryLook;
};

export function ServiceScreen(props: ServiceScreenProps) {
  const { data, error, refetch } = useQuery(serviceQuery(props));
  if (!data) {
    return (
      <Panel title={props.service}>
        {error ? (
          <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
        ) : (
          <SkeletonRows rows={5} label="the service" />
        )}
      </Panel>
    );
  }
  return (
    <>
      <Head view={data} />
      <GateLine service={data.service} environment={data.environment} />
      <Facts view={data} />
      <TabBar view={data} {...props} />
      <div className="mt-4 grid gap-4">
        <TabContent view={data} {...props} />
      </div>
    </>
  );
}

function Head({ view }: { view: ServiceView }) {
  const { row } = view;
  const tone = serviceTone[row.state];
  const place = { service: view.service, environment: view.environment, region: view.region };
  const plan = paths.newChange('deploy', place);
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="font-medium text-page">{view.name}</h1>
        <Chip>{view.region}</Chip>
        <StateBadge tone={tone}>{serviceWord[row.state]}</StateBadge>
        <div className="ml-auto flex gap-2 max-sm:ml-0">
          <ButtonLink href={paths.logs({ service: view.service })}>Logs</ButtonLink>
          {view.deployBlocked === null ? (
            <>
              <ButtonLink href={paths.newChange('rollback', place)}>Roll back…</ButtonLink>
              <ButtonLink kind="primary" href={plan}>
                Deploy…
              </ButtonLink>
            </>
          ) : (
            <Button refusal={view.deployBlocked}>Deploy…</Button>
          )}
        </div>
      </div>
      <p className="mt-2 text-pretty font-medium text-judgement tracking-tight">
        <StateGlyph tone={tone} className="-mt-0.5 mr-1.5 inline-block" />
        <b className={tone === 'ok' ? 'font-semibold' : `font-semibold ${toneText[tone]}`}>
          {serviceWord[row.state]}.
        </b>{' '}
        {row.cause ?? quietSentence(view)}
      </p>
    </>
  );
}

/** What is said of a service that needs nobody: its state is not made of these limits, so one may be passed. */
function quietSentence({ row, limits }: ServiceView): string {
  const { errorRatio, p95Seconds } = row.figures;
  const over = [
    errorRatio.state === 'fresh' && bandTone(errorRatio.value, limits.errorRatio) ? 'its error share' : '',
    p95Seconds.state === 'fresh' && bandTone(p95Seconds.value, limits.p95Seconds) ? 'its p95 latency' : '',
  ].filter(Boolean);
  if (over.length === 0)
    return 'No alert fires, and neither error share nor p95 latency is over its warning limit.';
  return `No alert fires, but ${over.join(' and ')} ${over.length > 1 ? 'are' : 'is'} over the warning limit.`;
}

const linkWords: Partial<Record<keyof ServiceView['links'], string>> = {
  runbook: 'Runbook',
  repository: 'Repository',
  gitops: 'GitOps',
  iac: 'Infrastructure',
  secrets: 'Secrets',
  registry: 'Registry',
  dashboards: 'Dashboards',
  traces: 'Traces',
  errors: 'Errors',
  oidc: 'Sign-on',
  waf: 'WAF',
  cdn: 'CDN',
  dns: 'DNS',
};

function Facts({ view }: { view: ServiceView }) {
  const versions = view.row.versions.state === 'missing' ? [] : view.row.versions.value;
  return (
    <dl className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-meta text-text-2">
      <Fact name="Version">
        {versions.length === 0 ? (
          'not known'
        ) : (
          <span className="mono">
            {versions.map((each) => `${each.version} (${each.ready} of ${each.pods})`).join(', ')}
          </span>
        )}
      </Fact>
      <Fact name="Owner">{view.owner}</Fact>
      <Fact name="Tier">{view.tier}</Fact>
      {view.row.slo ? (
        <Fact name="SLO">
          <Link href={paths.slo(view.row.slo)} className="text-accent hover:underline">
            {view.row.slo}
          </Link>
        </Fact>
      ) : null}
      {Object.entries(view.links).map(([kind, href]) => (
        <Fact key={kind} name="">
          <a href={href} target="_blank" rel="noopener noreferrer" className="text-accent hover:underline">
            {Object.entries(linkWords).find(([known]) => known === kind)?.[1] ?? kind}
          </a>
        </Fact>
      ))}
      {view.activeChange ? (
        <Fact name="Change">
          <Link href={paths.change(view.activeChange.id)} className="text-accent hover:underline">
            {view.activeChange.id}
          </Link>{' '}
          {view.activeChange.sentence}
        </Fact>
      ) : null}
    </dl>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex gap-1.5">
    {name ? <dt className="text-text-3">{name}</dt> : <dt className="sr-only">Link</dt>}
    <dd>{children}</dd>
  </div>
);

function TabBar({ view, tab, range }: { view: ServiceView; tab: ServiceTab; range: Range }) {
  const where = { environment: view.environment, region: view.region };
  const alerts = view.alerts.state === 'missing' ? '' : ` ${view.alerts.value.length}`;
  const words: Record<ServiceTab, string> = {
    overview: 'Overview',
    indicators: 'Indicators',
    workloads: 'Workloads',
    database: 'Database',
    changes: 'Changes',
    alerts: `Alerts${alerts}`,
  };
  const regions = view.placements.filter((placement) => placement.environment === view.environment);
  return (
    <div className="mt-4 flex flex-wrap items-end gap-x-4 gap-y-2 border-line border-b max-sm:-mx-4 max-sm:px-4">
      <TabLinks
        label="Parts of the service"
        current={tab}
        items={serviceTabs.map((key) => ({
          key,
          label: words[key],
          href: paths.service(view.service, { ...where, tab: key }),
        }))}
      />
      <div className="mb-1.5 ml-auto flex flex-wrap gap-2">
        {regions.length > 1 ? (
          <SegmentedLinks
            label="Region"
            current={view.region}
            items={regions.map(({ region }) => ({
              key: region,
              label: region,
              href: paths.service(view.service, { ...where, region, tab }),
            }))}
          />
        ) : null}
        {tab === 'overview' ? (
          <SegmentedLinks
            label="Time range"
            current={range}
            items={ranges.map((key) => ({
              key,
              label: key,
              href: `${paths.service(view.service, where)}&range=${key}`,
            }))}
          />
        ) : null}
      </div>
    </div>
  );
}

type TabContentProps = Pick<ServiceScreenProps, 'tab' | 'range' | 'history'> & { view: ServiceView };

function TabContent({ view, tab, range, history }: TabContentProps) {
  const where = { service: view.service, environment: view.environment, region: view.region };
  if (tab === 'indicators') return <ServiceSlisPanel where={where} />;
  if (tab === 'workloads') return <ServiceWorkloadsPanels where={where} />;
  if (tab === 'database') return <ServiceDatabasePanels where={where} />;
  if (tab === 'changes') return <ServiceHistory where={where} look={history} />;
  const alerts = (
    <Panel title="Firing alerts">
      <ReadingNote reading={view.alerts} what="Alerts" />
      {view.alerts.state === 'missing' ? null : <AlertList alerts={view.alerts.value} showService={false} />}
    </Panel>
  );
  if (tab === 'alerts') return alerts;
  return (
    <>
      <ServiceFigures view={view} />
      {view.alerts.state !== 'missing' && view.alerts.value.length > 0 ? alerts : null}
      <ServiceChartsPanel where={where} range={range} />
      <ServiceWorkloadsPanels where={where} />
    </>
  );
}
