import { Config } from '@/lib/config/schema';

export type TestUrls = { prometheus?: string; alertmanager?: string; loki?: string; kubeconfig?: string };

const nowhere = 'http://127.0.0.1:9';

/** Two services, one in two regions; every source where the test says, or at a port where nothing listens. */
export function testConfig(urls: TestUrls = {}, more: object = {}): Config {
  const access = { kubeconfig: urls.kubeconfig ?? '/nowhere/kubeconfig', context: 'test' };
  const placement = (region: string) => ({
    region,
    cluster: 'test',
    namespace: 'shop',
    deployment: 'shop-api',
    container: 'shop-api',
  });
  const service = (id: string, name: string, regions: string[]) => ({
    id,
    name,
    owner: 'Team Shop',
    image: `registry.example.com/shop/${id}`,
    placements: { production: regions.map(placement) },
    metrics: {
      selector: [{ label: 'service', op: '=', value: id }],
      requests: {
        total: { metric: 'http_requests_total' },
        failed: {
          metric: 'http_requests_total',
          matchers: [{ label: 'status', op: '=~', value: '5..' }],
        },
      },
      latency: { buckets: { metric: 'http_request_duration_seconds_bucket' } },
    },
  });
  return Config.parse({
    version: 1,
    environments: [{ id: 'production', name: 'Production' }],
    regions: [
      { id: 'us-east-1', name: 'US East' },
      { id: 'eu-west-1', name: 'EU West' },
    ],
    clusters: [{ id: 'test', region: 'us-east-1', web: access, worker: access, timeout: '1s' }],
    sources: {
      prometheus: [{ id: 'main', url: urls.prometheus ?? nowhere, timeout: '1s', scrapeInterval: '5s' }],
      alertmanager: [{ id: 'main', url: urls.alertmanager ?? nowhere, timeout: '1s' }],
      loki: urls.loki === undefined ? [] : [{ id: 'main', url: urls.loki, timeout: '1s' }],
    },
    services: [
      service('shop-api', 'Shop API', ['us-east-1', 'eu-west-1']),
      service('mailer', 'Mailer', ['us-east-1']),
    ],
    slos: [{ id: 'shop-availability', service: 'shop-api', name: 'Availability', objective: '99.95' }],
    policies: [{ id: 'all', match: {}, signOffs: ['engineering_lead', 'devops_lead'] }],
    status: { environment: 'production', directory: '/nowhere/status' },
    ...more,
  });
}
