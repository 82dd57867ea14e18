'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { ChangeTable } from '@/components/change/change-table';
import { useEnvironment } from '@/components/shell/environment';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { SkeletonRows } from '@/components/ui/skeleton';
import { StateGlyph, toneText } from '@/components/ui/state';
import { paths } from '@/lib/core/paths';
import { toProblem } from '@/lib/http/client';
import { overviewQuery } from '@/lib/service/client';
import { type OverviewView, type ServiceState, serviceStates } from '@/lib/service/contract';
import { AlertList } from './alert-list';
import { BurnStrips } from './burn-strips';
import { NeedsYou, RunningNow } from './needs-you';
import { ServiceTable } from './service-table';
import { TimelineList } from './timeline-list';
import { serviceTone, serviceWord } from './tone';

/** The first page at three in the morning: one sentence, what burns, what waits for me. */
export function OverviewScreen() {
  const environment = useEnvironment();
  const { data, error, refetch } = useQuery(overviewQuery(environment));
  if (data) return <Overview view={data} />;
  return (
    <>
      <h1 className="text-judgement">Overview of {environment}</h1>
      <Panel title="Services" className="mt-4">
        {error ? (
          <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
        ) : (
          <SkeletonRows rows={6} label="services" />
        )}
      </Panel>
    </>
  );
}

function Overview({ view }: { view: OverviewView }) {
  const { sentence } = view;
  const tone = serviceTone[sentence.state];
  return (
    <>
      <h1 className="text-pretty font-medium text-judgement tracking-tight">
        <StateGlyph tone={tone} className="-mt-0.5 mr-1.5 inline-block" />
        <b className={tone === 'ok' ? 'font-semibold' : `font-semibold ${toneText[tone]}`}>{sentence.lead}</b>
        {sentence.rest ? ` ${sentence.rest}` : ''}
      </h1>
      <Counts view={view} />
      <div className="mt-4 grid gap-4 xl:grid-cols-[minmax(0,1fr)_256px] xl:grid-rows-[auto_1fr] 2xl:grid-cols-[minmax(0,1fr)_288px]">
        <div className="grid min-w-0 content-start gap-4">
          <Panel title="Services" note={`${view.services.length} placements in ${view.environment}`}>
            <ServiceTable services={view.services} fold />
          </Panel>
          <Alerts view={view} />
        </div>
        <PeopleAndChanges view={view} />
        <div className="grid min-w-0 content-start gap-4">
          <Panel
            title="Burn, last 6 hours"
            note="bar = 5 min, height = burn rate, line = change"
            end={<BurnLegend />}
          >
            <BurnStrips strips={view.burn} changes={view.recentChanges} />
          </Panel>
          <Panel
            title="Changes in 24 hours"
            end={
              <Link href={paths.changes()} className="text-accent text-meta hover:underline">
                All changes
              </Link>
            }
          >
            <ChangeTable changes={view.recentChanges} caption="Changes in 24 hours" />
          </Panel>
        </div>
      </div>
    </>
  );
}

/** Beside the services where there is room; on narrow screens under what is wrong and above what was. */
const PeopleAndChanges = ({ view }: { view: OverviewView }) => (
  <aside aria-label="People and changes" className="grid min-w-0 content-start gap-4 xl:row-span-2">
    <Panel
      title="Needs you"
      end={
        view.needsYou.length > 0 ? (
          <span className="text-meta text-text-3">{view.needsYou.length}</span>
        ) : null
      }
    >
      <NeedsYou changes={view.needsYou} />
    </Panel>
    <Panel title="Now">
      <RunningNow changes={view.running} />
    </Panel>
    <Panel
      title="Latest"
      end={
        <Link href={paths.audit()} className="text-accent text-meta hover:underline">
          Audit log
        </Link>
      }
    >
      <TimelineList entries={view.timeline.slice(0, 10)} />
    </Panel>
  </aside>
);

/** How many services are in which state; healthy last. */
function Counts({ view }: { view: OverviewView }) {
  const counts = serviceStates
    .map((state): [ServiceState, number] => [
      state,
      view.services.filter((row) => row.state === state).length,
    ])
    .filter(([, count]) => count > 0);
  return (
    <ul className="mt-3 flex flex-wrap gap-1.5">
      {counts.map(([state, count]) => (
        <li
          key={state}
          className="inline-flex h-6.5 items-center gap-1.5 rounded-control border border-line bg-surface pr-2.25 pl-1.75 text-meta text-text-2"
        >
          <StateGlyph tone={serviceTone[state]} className="size-3.25" />
          <b className="font-semibold text-text">{count}</b> {serviceWord[state].toLowerCase()}
        </li>
      ))}
    </ul>
  );
}

/** Alerts of services first; those that name none of our services apart. */
function Alerts({ view }: { view: OverviewView }) {
  const alerts = view.alerts.state === 'missing' ? [] : view.alerts.value;
  const ours = alerts.filter((alert) => alert.service !== null);
  const others = alerts.filter((alert) => alert.service === null);
  return (
    <Panel
      title="Firing alerts"
      note={view.alerts.state === 'missing' ? undefined : `${alerts.length} firing`}
    >
      <ReadingNote reading={view.alerts} what="Alerts" />
      {view.alerts.state === 'missing' ? null : <AlertList alerts={ours} showService />}
      {others.length > 0 ? (
        <>
          <h3 className="border-line border-t px-3 pt-2 text-meta text-text-3 max-sm:px-4">
            Of no service in this view
          </h3>
          <AlertList alerts={others} showService={false} />
        </>
      ) : null}
    </Panel>
  );
}

const BurnLegend = () => (
  <span className="flex gap-3 text-meta text-text-2 max-sm:hidden">
    <span className="inline-flex items-center gap-1.5">
      <StateGlyph tone="crit" className="size-3.5" />
      pages over 14.4×
    </span>
    <span className="inline-flex items-center gap-1.5">
      <StateGlyph tone="warn" className="size-3.5" />
      ticket over 3×
    </span>
  </span>
);
