import type { Store } from '../kubernetes/store';
import { findService, placements } from '../topology';
import { series } from './families';
import { cacheAt, cpuSecondsAt } from './machines';
import { usageAt } from './pod-metrics';
import type { Processes } from './processes';
import { rhythm } from './rhythm';
import { podsOf } from './targets';
import type { Traffic } from './traffic';

/** What an exporter knows of a database; null when the database does not answer. */
export type DatabaseFacts = { connections: number; maxConnections: number; lagSeconds: number } | null;

const LIMITS = {
  production: { cpu: 2, memory: 2 * 1024 ** 3 },
  staging: { cpu: 1, memory: 1024 ** 3 },
} as const;

/** cAdvisor and kube-state-metrics of one cluster, as far as the services' containers go (OBS-04). */
export function containerText(cluster: string, store: Store, processes: Processes, nowMs: number): string {
  const cpu: string[] = [];
  const memory: string[] = [];
  const limits: string[] = [];
  for (const placement of placements()) {
    if (placement.cluster.id !== cluster) continue;
    const { service, environment, namespace } = placement;
    for (const pod of podsOf(store, placement)) {
      const process = processes.of(pod);
      if (!process) continue;
      const labels = { environment, namespace, service: service.id, pod: pod.name, container: service.id };
      const used = usageAt(service.id, nowMs, process.rps);
      cpu.push(`${series('container_cpu_usage_seconds_total', labels)} ${process.cpuSeconds}`);
      memory.push(`${series('container_memory_working_set_bytes', labels)} ${used.bytes}`);
      for (const [resource, value] of Object.entries(LIMITS[environment])) {
        limits.push(`${series('kube_pod_container_resource_limits', { ...labels, resource })} ${value}`);
      }
    }
  }
  return text([
    ['container_cpu_usage_seconds_total', 'counter', cpu],
    ['container_memory_working_set_bytes', 'gauge', memory],
    ['kube_pod_container_resource_limits', 'gauge', limits],
  ]);
}

/** The entry proxy: what it answered itself because nothing behind it could. */
export function ingressText(traffic: readonly Traffic[]): string {
  const lines = traffic.flatMap(({ placement, refused, answered }) => {
    const { service, environment, namespace } = placement;
    const labels = { environment, namespace, service: service.id };
    return [
      `${series('nginx_ingress_controller_requests_total', { ...labels, upstream: 'reached' })} ${answered}`,
      ...[502, 503].map(
        (status) =>
          `${series('nginx_ingress_controller_requests_total', { ...labels, upstream: 'none', status: String(status) })} ${refused.get(status) ?? 0}`,
      ),
    ];
  });
  return text([['nginx_ingress_controller_requests_total', 'counter', lines]]);
}

export function databaseText(facts: DatabaseFacts): string {
  const up = text([['pg_up', 'gauge', [`pg_up ${facts ? 1 : 0}`]]]);
  if (!facts) return up;
  return (
    up +
    text([
      ['pg_stat_activity_count', 'gauge', [`pg_stat_activity_count{state="active"} ${facts.connections}`]],
      ['pg_settings_max_connections', 'gauge', [`pg_settings_max_connections ${facts.maxConnections}`]],
      ['pg_replication_lag_seconds', 'gauge', [`pg_replication_lag_seconds ${facts.lagSeconds}`]],
    ])
  );
}

/** The exporter of one machine: its processors' time by mode, of one processor for all. */
export function nodeText(node: string, nowMs: number): string {
  const lines = Object.entries(cpuSecondsAt(node, nowMs)).map(
    ([mode, seconds]) => `${series('node_cpu_seconds_total', { cpu: '0', mode })} ${seconds.toFixed(3)}`,
  );
  return text([['node_cpu_seconds_total', 'counter', lines]]);
}

/** The exporter of a service's cache (OBS-04). */
export function cacheText(service: string, region: string, nowMs: number): string {
  const { hits, misses } = cacheAt(service, region, nowMs);
  return text([
    ['redis_keyspace_hits_total', 'counter', [`redis_keyspace_hits_total ${hits}`]],
    ['redis_keyspace_misses_total', 'counter', [`redis_keyspace_misses_total ${misses}`]],
  ]);
}

/** Connections that the pods of a service hold, as a function of time alone. */
export function databaseAt(service: string, nowMs: number): NonNullable<DatabaseFacts> {
  const load = rhythm(nowMs);
  const perService = findService(service)?.team === 'architect' ? 46 : 38;
  const ripple = Math.sin(nowMs / 53_000);
  return {
    connections: Math.round(perService * load + 3 * ripple),
    maxConnections: 100,
    lagSeconds: Math.round((0.4 * load + 0.15 * ripple + 0.1) * 1000) / 1000,
  };
}

function text(groups: [string, 'counter' | 'gauge', string[]][]): string {
  return groups
    .filter(([, , lines]) => lines.length > 0)
    .map(([name, type, lines]) => `# TYPE ${name} ${type}\n${lines.join('\n')}\n`)
    .join('');
}
