export const cluster = 'us-east-1';
/** One namespace for each service: the objects in them have the same names. */
export const namespaceOf = (index: number): string => `bench-${index}`;
export const serviceOf = (index: number): string => `service-${index}`;
export const workload = 'fraiseql-api';

export type At = { kubeconfig: string; prometheus: string; status: string };
/** Seconds that a new version is watched, and between two readings of the guard. */
export type Pace = { watchSeconds: number; guardSeconds: number };

/** signalbox.yaml (JSON is YAML) of `services` services in one cluster; leases as in production. */
export function benchConfig(at: At, services: number, pace: Pace): object {
  const access = { kubeconfig: at.kubeconfig, context: cluster };
  const requests = { metric: 'requests_total' };
  return {
    version: 1,
    environments: [{ id: 'production', name: 'Production' }],
    regions: [{ id: cluster, name: 'US East' }],
    clusters: [{ id: cluster, region: cluster, web: access, worker: access, timeout: '4s' }],
    sources: { prometheus: [{ id: 'metrics', url: at.prometheus, timeout: '4s' }] },
    services: Array.from({ length: services }, (_, index) => ({
      id: serviceOf(index),
      name: `Service ${index}`,
      owner: 'bench',
      image: 'registry.example.com/fraiseql/fraiseql-api',
      placements: {
        production: [
          {
            region: cluster,
            cluster,
            namespace: namespaceOf(index),
            deployment: workload,
            container: workload,
          },
        ],
      },
      metrics: {
        selector: [{ label: 'service', op: '=', value: serviceOf(index) }],
        requests: {
          total: requests,
          failed: { ...requests, matchers: [{ label: 'status', op: '=~', value: '5..' }] },
        },
      },
    })),
    policies: [{ id: 'all', match: {}, signOffs: ['engineering_lead'] }],
    timing: { watch: `${pace.watchSeconds}s`, rolloutDeadline: '10m' },
    guard: { window: '30s', interval: `${pace.guardSeconds}s`, grace: '60s' },
    status: { environment: 'production', directory: at.status },
  };
}
