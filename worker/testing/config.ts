import path from 'node:path';
import { Config } from '@/lib/config/schema';

type At = { kubeconfig: string; prometheus: string; webhook?: string; registry?: string };
export type Override = {
  timing?: Record<string, string>;
  guard?: Record<string, string | number>;
  signOffs?: string[];
  /** The budget part of the one policy. */
  budget?: object;
};

export const testConfig = (at: At, override: Override = {}): Config =>
  Config.parse(testConfigInput(at, override));

/** signalbox.yaml of one service in one cluster with short times; `override` replaces blocks. */
export function testConfigInput(at: At, override: Override = {}): Record<string, unknown> {
  const access = { kubeconfig: at.kubeconfig, context: 'us-east-1' };
  const requests = { metric: 'fraiseql_requests_total' };
  return {
    version: 1,
    environments: [{ id: 'production', name: 'Production' }],
    regions: [{ id: 'us-east-1', name: 'US East' }],
    clusters: [{ id: 'us-east-1', region: 'us-east-1', web: access, worker: access, timeout: '2s' }],
    sources: { prometheus: [{ id: 'metrics', url: at.prometheus, timeout: '2s' }] },
    registries:
      at.registry === undefined ? [] : [{ host: 'registry.example.com', url: at.registry, timeout: '2s' }],
    services: [
      {
        id: 'fraiseql-api',
        name: 'FraiseQL API',
        owner: 'fraiseql',
        image: 'registry.example.com/fraiseql/fraiseql-api',
        placements: {
          production: [
            {
              region: 'us-east-1',
              cluster: 'us-east-1',
              namespace: 'fraiseql',
              deployment: 'fraiseql-api',
              container: 'fraiseql-api',
            },
          ],
        },
        metrics: {
          selector: [{ label: 'service', op: '=', value: 'fraiseql-api' }],
          requests: {
            total: requests,
            failed: { ...requests, matchers: [{ label: 'status', op: '=~', value: '5..' }] },
          },
        },
      },
    ],
    slos: [{ id: 'fraiseql', service: 'fraiseql-api', name: 'Availability', objective: '99.9' }],
    policies: [
      {
        id: 'production',
        match: {},
        signOffs: override.signOffs ?? ['engineering_lead', 'devops_lead'],
        ...(override.budget === undefined ? {} : { budget: override.budget }),
      },
    ],
    timing: {
      watch: '1s',
      lease: '5s',
      heartbeat: '300ms',
      stopActing: '2s',
      callTimeout: '2s',
      resync: '300ms',
      rolloutDeadline: '20s',
      ...override.timing,
    },
    guard: { window: '5s', interval: '200ms', grace: '3s', ...override.guard },
    notifications: at.webhook === undefined ? {} : { webhooks: [{ id: 'chat', url: { file: at.webhook } }] },
    status: { environment: 'production', directory: path.join(path.dirname(at.kubeconfig), 'status') },
  };
}
