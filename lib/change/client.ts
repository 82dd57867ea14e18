import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { api } from '@/lib/core/paths';
import { getJson, sendJson } from '@/lib/http/client';
import {
  ApprovalsView,
  ChangeList,
  ChangeView,
  ColourList,
  PlanView,
  type RequestChange,
  RequestedChange,
  type RequestPlan,
  RevisionList,
} from './contract';
import { LogPage, MeasurementEvidence, MeasurementList } from './measured-contract';
import { isExecuting } from './model';

export const changesQuery = (filter: {
  service?: string;
  kind?: string;
  outcome?: string;
  state?: string;
  before?: string;
}) =>
  queryOptions({
    queryKey: ['changes', filter],
    queryFn: ({ signal }) =>
      getJson(
        ChangeList,
        `${api.changes()}?${new URLSearchParams(Object.entries(filter).filter(([, value]) => value)).toString()}`,
        signal,
      ),
    refetchInterval: 15_000,
  });

/** A running change is watched closely; a finished one does not move any more. */
export const changeQuery = (id: string) =>
  queryOptions({
    queryKey: ['change', id],
    queryFn: ({ signal }) => getJson(ChangeView, api.change(id), signal),
    refetchInterval: (query) => {
      const change = query.state.data?.change;
      if (change === undefined) return 5000;
      if (isExecuting(change.state)) return 2000;
      return change.finishedAt === null ? 10_000 : false;
    },
  });

/** A reading does not change any more. */
export const evidenceQuery = (change: string, measurement: string) =>
  queryOptions({
    queryKey: ['evidence', change, measurement],
    queryFn: ({ signal }) => getJson(MeasurementEvidence, api.changeMeasurement(change, measurement), signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Readings and lines of the log before one of them, newest first. */
export const readMeasurements = (change: string, region: string | null, before: string) =>
  getJson(MeasurementList, api.changeMeasurements(change, { region: region ?? undefined, before }));
export const readLog = (change: string, before: string) =>
  getJson(LogPage, api.changeLog(change, { before }));

export const planQuery = (id: string | null) =>
  queryOptions({
    queryKey: ['plan', id],
    enabled: id !== null,
    queryFn: ({ signal }) => getJson(PlanView, api.plan(id ?? ''), signal),
    refetchInterval: (query) => (query.state.data?.state === 'answered' ? 10_000 : 1000),
  });

export const revisionsQuery = (service: string, place: { environment: string; region: string }) =>
  queryOptions({
    queryKey: ['revisions', service, place],
    queryFn: ({ signal }) => getJson(RevisionList, api.serviceRevisions(service, place), signal),
    refetchInterval: 15_000,
  });

export const coloursQuery = (service: string, place: { environment: string; region: string }) =>
  queryOptions({
    queryKey: ['colours', service, place],
    queryFn: ({ signal }) => getJson(ColourList, api.serviceColours(service, place), signal),
    refetchInterval: 15_000,
  });

export const approvalsQuery = () =>
  queryOptions({
    queryKey: ['approvals'],
    queryFn: ({ signal }) => getJson(ApprovalsView, api.approvals(), signal),
    refetchInterval: 15_000,
  });

/** The answer names the plan; the plan itself is read when the worker has made it. */
const Asked = z.object({ id: z.uuid() });
export const requestPlan = (input: RequestPlan, key: string) => sendJson(Asked, api.plans(), input, key);
export const requestChange = (input: RequestChange, key: string) =>
  sendJson(RequestedChange, api.changes(), input, key);

type Command = Parameters<typeof api.changeCommand>[1];
/** Sign-off, rejection and every command to a change; the page reads the change again afterwards. */
export const steerChange = (id: string, command: Command, body: unknown, key: string) =>
  sendJson(z.unknown(), api.changeCommand(id, command), body, key);
