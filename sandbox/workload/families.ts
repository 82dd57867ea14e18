import type { ServiceId } from '../topology';
import { endpoints } from './profile';

/** OBS-01, OBS-03 and OBS-04: what each service calls its figures. */
export type Families = {
  /** Counter of requests; null where failures have a counter of their own (`failed`). */
  requests: string;
  failed: string | null;
  duration: string;
  processed: string | null;
};

export const families: Record<ServiceId, Families> = {
  'fraiseql-api': {
    requests: 'fraiseql_requests_total',
    failed: null,
    duration: 'fraiseql_request_duration_seconds',
    processed: null,
  },
  'fraiseql-observers': {
    requests: 'observer_actions_executed_total',
    failed: 'observer_actions_failed_total',
    duration: 'observer_action_duration_seconds',
    processed: 'observer_events_processed_total',
  },
  'architect-api': {
    requests: 'http_requests_total',
    failed: null,
    duration: 'http_request_duration_seconds',
    processed: null,
  },
};

/** `name{a="b"}`: the labels in the order given, values escaped as the text format wants it. */
export function series(name: string, labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escapeValue(value)}"`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
}

function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** The counters that one request raises. */
export function countersOf(
  service: ServiceId,
  request: { method: string; path: string; status: number; failed: boolean },
  version: string,
): string[] {
  const family = families[service];
  if (family.failed === null) {
    const { method, path, status } = request;
    return [series(family.requests, { method, endpoint: path, status: String(status), version })];
  }
  const names = [family.requests, ...(family.processed ? [family.processed] : [])];
  if (request.failed) names.push(family.failed);
  return names.map((name) => series(name, { version }));
}

/** Counters that exist at 0 from the start, so that the first failure is an increase and not a new series. */
export function initialCounters(service: ServiceId, version: string): string[] {
  const family = families[service];
  if (family.failed !== null) {
    const names = [family.processed ?? family.requests, family.requests, family.failed];
    return names.map((name) => series(name, { version }));
  }
  return endpoints[service].flatMap(({ method, path }) =>
    [200, 500].map((status) =>
      series(family.requests, { method, endpoint: path, status: String(status), version }),
    ),
  );
}
