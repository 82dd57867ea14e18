import type { ServiceId } from '../topology';
import type { Random } from './random';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** OBS-06: the fields of one line; absent ones are left out of the JSON. */
export type LogFields = {
  method?: string;
  endpoint?: string;
  status?: number;
  durationMs?: number;
  queryName?: string;
};

/** One answered request, as far as a log line tells of it. */
export type RequestFacts = Required<LogFields> & { failed: boolean; slow: boolean };

const failures: Record<number, readonly string[]> = {
  500: [
    'unhandled exception: relation "tb_project_v2" does not exist',
    'query failed: deadlock detected, transaction rolled back',
    'serialization of response failed: unexpected null in field "owner"',
    'permission check raised: tenant context missing',
  ],
  502: ['connect ECONNREFUSED: upstream closed the connection before the response'],
  503: [
    'connection pool exhausted: no connection free after 5000 ms',
    'upstream connect error or disconnect before headers: connection refused',
  ],
  504: [
    'statement timeout: query cancelled after 5000 ms',
    'context deadline exceeded while awaiting headers',
  ],
};

const successes: Record<ServiceId, readonly string[]> = {
  'fraiseql-api': ['query executed', 'query executed from cache', 'mutation committed', 'response streamed'],
  'fraiseql-observers': ['action executed', 'event matched 1 observer', 'event matched 2 observers'],
  'architect-api': ['request completed', 'request completed', 'response served', 'page rendered from cache'],
};

const slows: Record<ServiceId, readonly string[]> = {
  'fraiseql-api': ['slow query', 'cache miss, query went to the primary', 'complexity close to the limit'],
  'fraiseql-observers': ['action took longer than usual', 'retrying action after a slow answer'],
  'architect-api': ['slow request', 'replica lag made the read go to the primary'],
};

export function levelOf(facts: RequestFacts): LogLevel {
  if (facts.failed) return 'error';
  return facts.slow || facts.status === 404 ? 'warn' : 'info';
}

export function messageOf(service: ServiceId, facts: RequestFacts, random: Random): string {
  if (facts.status === 404) return 'not found';
  if (facts.failed) {
    if (service === 'fraiseql-observers' && facts.status === 500) {
      return pick(
        ['action failed, moved to the dead-letter queue', 'webhook answered 500 three times'],
        random,
      );
    }
    return pick(failures[facts.status] ?? ['request failed'], random);
  }
  return pick((facts.slow ? slows : successes)[service], random);
}

/** What a process says in its first second and when it is told to end. */
export function lifeMessages(version: string, port: number): { start: string[]; stop: string[] } {
  return {
    start: [
      `starting version ${version}`,
      'database pool ready: 50 connections',
      `listening on 0.0.0.0:${port}`,
    ],
    stop: ['received SIGTERM, draining connections', 'all connections closed, exiting with code 0'],
  };
}

export type LineContext = { atMs: number; level: LogLevel; message: string; pod: string; version: string };

/** The JSON text of one line. */
export function lineOf(context: LineContext, fields: LogFields, random: Random): string {
  const { atMs, level, message, pod, version } = context;
  const request = fields.method !== undefined;
  return JSON.stringify({
    timestamp: new Date(atMs).toISOString(),
    level,
    message,
    method: fields.method,
    endpoint: fields.endpoint,
    status: fields.status,
    duration_ms: fields.durationMs,
    query_name: fields.queryName,
    ...(request
      ? { user_id: `u-${1000 + random.integer(400)}`, trace_id: random.hex(32), span_id: random.hex(16) }
      : {}),
    pod,
    version,
  });
}

function pick(texts: readonly string[], random: Random): string {
  return texts[random.integer(texts.length)] ?? '';
}
