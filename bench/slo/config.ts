import { metric, objectives, regions, services, sloId } from './traffic';

/** No cluster answers here: objectives need none. */
const nowhere = 'http://127.0.0.1:9';

export const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{name: none, cluster: {server: '${nowhere}'}}]
users: [{name: none, user: {}}]
contexts: [{name: none, context: {cluster: none, user: none}}]
`;

const serviceId = (index: number): string => `service-${index % services}`;
const series = (id: string, ...matchers: { label: string; op: string; value: string }[]) => ({
  metric,
  matchers: [{ label: 'slo', op: '=', value: id }, ...matchers],
});
const failed = { label: 'code', op: '=~', value: '5..' };

/** signalbox.yaml (JSON is YAML) of all objectives, and of a service for every 20 of them. */
export function benchConfig(at: { prometheus: string; kubeconfig: string; status: string }): object {
  const access = { kubeconfig: at.kubeconfig, context: 'none' };
  return {
    version: 1,
    environments: [{ id: 'production', name: 'Production' }],
    regions: regions.map((id) => ({ id, name: id })),
    clusters: regions.map((id) => ({ id, region: id, web: access, worker: access, timeout: '2s' })),
    sources: {
      prometheus: [{ id: 'metrics', url: at.prometheus, timeout: '30s', scrapeInterval: '30s' }],
    },
    services: Array.from({ length: services }, (_, index) => ({
      id: serviceId(index),
      name: `Service ${index}`,
      owner: 'bench',
      image: `registry.example.com/bench/${serviceId(index)}`,
      placements: {
        production: regions.map((region) => ({
          region,
          cluster: region,
          namespace: 'bench',
          deployment: serviceId(index),
          container: 'app',
        })),
      },
      metrics: {
        selector: [{ label: 'slo', op: '=', value: sloId(index) }],
        requests: { total: { metric }, failed: { metric, matchers: [failed] } },
      },
    })),
    slos: Array.from({ length: objectives }, (_, index) => ({
      id: sloId(index),
      service: serviceId(index),
      name: `Objective ${index}`,
      objective: '99.9',
      window: '30d',
      scope: 'written',
      groupBy: ['region'],
      indicator: { kind: 'events', total: series(sloId(index)), bad: series(sloId(index), failed) },
    })),
    policies: [{ id: 'all', match: {}, signOffs: ['engineering_lead'] }],
    status: { environment: 'production', directory: at.status },
  };
}
