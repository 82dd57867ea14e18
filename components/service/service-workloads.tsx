'use client';

import { useQuery } from '@tanstack/react-query';
import { ColoursPanel } from '@/components/service/colours-panel';
import { cx } from '@/components/ui/class-names';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { ScrollX } from '@/components/ui/scroll-x';
import { SkeletonRows } from '@/components/ui/skeleton';
import { StateGlyph, StateText, type Tone } from '@/components/ui/state';
import { Th } from '@/components/ui/table';
import { TimeAgo } from '@/components/ui/time-ago';
import { toProblem } from '@/lib/http/client';
import { serviceWorkloadsQuery } from '@/lib/service/workloads-client';
import type { ClusterEvent, PodRow, ServiceWorkloads, WorkloadRow } from '@/lib/service/workloads-contract';

type Where = { service: string; environment: string; region: string };
const cell = 'h-8 whitespace-nowrap px-2 first:pl-3 last:pr-3';

/** Cluster objects come last on a page: pods, workloads, events. */
export function ServiceWorkloadsPanels({ where }: { where: Where }) {
  const { data, error, refetch } = useQuery(serviceWorkloadsQuery(where));
  if (!data) {
    return (
      <Panel title="Workloads">
        {error ? (
          <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
        ) : (
          <SkeletonRows rows={5} label="workloads" />
        )}
      </Panel>
    );
  }
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_minmax(0,400px)]">
      <div className="grid min-w-0 gap-4">
        {data.pair === null ? null : <ColoursPanel pair={data.pair} />}
        <Pods view={data} />
        <Workloads view={data} />
      </div>
      <Events view={data} />
    </div>
  );
}

function podState(pod: PodRow): { tone: Tone; word: string } {
  if (pod.phase === 'Terminating') return { tone: 'unknown', word: 'Terminating' };
  if (pod.reason !== null) return { tone: 'crit', word: pod.reason };
  if (pod.phase === 'Failed') return { tone: 'crit', word: 'Failed' };
  if (pod.ready) return { tone: 'ok', word: 'Ready' };
  if (pod.phase === 'Succeeded') return { tone: 'ok', word: 'Succeeded' };
  return pod.phase === 'Pending' ? { tone: 'info', word: 'Starting' } : { tone: 'warn', word: 'Not ready' };
}

function Pods({ view }: { view: ServiceWorkloads }) {
  const pods = view.pods.state === 'missing' ? [] : view.pods.value;
  const ready = pods.filter((pod) => pod.ready).length;
  const note =
    view.pods.state === 'missing'
      ? view.namespace
      : `${view.namespace} · ${ready} of ${view.podsTotal} ready`;
  return (
    <Panel title="Pods" note={note}>
      <ReadingNote reading={view.pods} what="Pods" />
      {view.pods.state !== 'missing' && pods.length === 0 ? (
        <EmptyState title="No pods" why={`Nothing runs in ${view.namespace} for this service.`} />
      ) : null}
      {pods.length > 0 ? (
        <ScrollX label="Pods">
          <table className="w-full border-collapse">
            <caption className="sr-only">Pods, those that are not ready first</caption>
            <thead>
              <tr>
                <Th>Pod</Th>
                <Th>State</Th>
                <Th>Version</Th>
                <Th end>Restarts</Th>
                <Th className="max-md:hidden">Node</Th>
                <Th end>Age</Th>
              </tr>
            </thead>
            <tbody>
              {pods.map((pod) => (
                <PodLine key={pod.name} pod={pod} />
              ))}
            </tbody>
          </table>
        </ScrollX>
      ) : null}
      {pods.length < view.podsTotal ? (
        <p className="border-line border-t px-3 py-2 text-meta text-text-2">
          The first {pods.length} of {view.podsTotal} pods, those that are not ready first.
        </p>
      ) : null}
    </Panel>
  );
}

function PodLine({ pod }: { pod: PodRow }) {
  const state = podState(pod);
  return (
    <tr className="border-line border-b last:border-b-0 hover:bg-raised">
      <td className={cx(cell, 'mono max-sm:max-w-36 max-sm:truncate')}>{pod.name}</td>
      <td className={cell}>
        <StateText tone={state.tone}>{state.word}</StateText>
      </td>
      <td className={cx(cell, 'mono')}>
        {pod.version}
        {pod.colour === null ? null : <span className="font-sans text-text-3"> {pod.colour}</span>}
      </td>
      <td className={cx(cell, 'text-right', pod.restarts > 0 && 'font-semibold text-warn')}>
        {pod.restarts}
      </td>
      <td className={cx(cell, 'mono text-text-3 max-md:hidden')}>{pod.node ?? '–'}</td>
      <td className={cx(cell, 'text-right text-text-2')}>
        {pod.startedAt ? <TimeAgo at={pod.startedAt} suffix="" /> : '–'}
      </td>
    </tr>
  );
}

function Workloads({ view }: { view: ServiceWorkloads }) {
  const workloads = view.workloads.state === 'missing' ? [] : view.workloads.value;
  return (
    <Panel title="Workloads" note={view.cluster}>
      <ReadingNote reading={view.workloads} what="Workloads" />
      <ul>
        {workloads.map((workload) => (
          <WorkloadItem key={`${workload.kind} ${workload.name}`} workload={workload} />
        ))}
      </ul>
    </Panel>
  );
}

function WorkloadItem({ workload }: { workload: WorkloadRow }) {
  const whole = workload.desired !== null && workload.ready !== null;
  const tone: Tone = workload.paused
    ? 'hold'
    : whole && (workload.ready ?? 0) < (workload.desired ?? 0)
      ? 'warn'
      : whole
        ? 'ok'
        : 'unknown';
  const failing = workload.conditions.find((condition) => condition.reason === 'ProgressDeadlineExceeded');
  return (
    <li className="flex flex-wrap items-center gap-x-3 border-line border-b px-3 py-1.5 last:border-b-0 max-sm:px-4">
      <StateGlyph tone={failing ? 'crit' : tone} />
      <span className="font-medium">{workload.name}</span>
      <span className="text-meta text-text-3">{workload.kind}</span>
      {workload.version ? <span className="mono">{workload.version}</span> : null}
      {workload.note ? <span className="text-meta text-text-2">{workload.note}</span> : null}
      <span className="ml-auto text-text-2">
        {workload.paused ? 'paused · ' : ''}
        {whole ? `${workload.ready} of ${workload.desired} ready` : (workload.detail ?? '')}
      </span>
      {failing ? <span className="w-full text-crit text-meta">{failing.message}</span> : null}
    </li>
  );
}

function Events({ view }: { view: ServiceWorkloads }) {
  const events = view.events.state === 'missing' ? [] : view.events.value;
  return (
    <Panel title="Events" note="of the cluster, newest first">
      <ReadingNote reading={view.events} what="Events" />
      {view.events.state !== 'missing' && events.length === 0 ? (
        <EmptyState title="No events" why="The cluster keeps events for about an hour and has none here." />
      ) : null}
      <ul
        className="max-h-120 overflow-y-auto"
        tabIndex={events.length > 8 ? 0 : undefined}
        aria-label="Cluster events"
      >
        {events.map((event) => (
          <EventItem key={event.id} event={event} />
        ))}
      </ul>
    </Panel>
  );
}

function EventItem({ event }: { event: ClusterEvent }) {
  return (
    <li className="grid grid-cols-[52px_16px_minmax(0,1fr)] gap-2 border-line border-b px-3 py-1.5 last:border-b-0 max-sm:px-4">
      <TimeAgo at={event.at} suffix="" className="text-meta text-text-3 leading-5" />
      <StateGlyph tone={event.type === 'Warning' ? 'warn' : 'unknown'} className="mt-0.5 size-3.5" />
      <p className="min-w-0 break-words">
        <span className="font-medium">{event.reason}</span>{' '}
        <span className="mono text-text-3">{event.object}</span>
        {event.count > 1 ? <span className="text-text-3"> × {event.count}</span> : null}
        <span className="block text-text-2">{event.message}</span>
      </p>
    </li>
  );
}
