import { expect, test } from 'vitest';
import type { ClusterClient } from '@/lib/actuators/kubernetes/client';
import { observeTarget } from '../execute/observe';
import { plan } from '../testing/plan';
import { clusterChecks } from './prechecks';

/** A cluster with one Deployment, whose own labels are not those of its pods, and a budget for the pods. */
const client: ClusterClient = {
  id: 'c',
  call: async () => ({ status: 201, body: { status: { allowed: true } }, auditId: null }),
  get: async (schema, path) => schema.parse(objects(path)),
  close: async () => {},
};
function objects(path: string): object {
  if (path.includes('/deployments/')) {
    return {
      metadata: { name: 'fraiseql-api', uid: 'u', labels: { team: 'fraiseql' } },
      spec: {
        selector: { matchLabels: { app: 'fraiseql-api' } },
        template: {
          metadata: { labels: { app: 'fraiseql-api' } },
          spec: { containers: [{ name: 'fraiseql-api', image: plan.from.image }] },
        },
      },
    };
  }
  if (!path.endsWith('/poddisruptionbudgets')) return { items: [] };
  const spec = { selector: { matchLabels: { app: 'fraiseql-api' } }, minAvailable: 2 };
  return { items: [{ metadata: { name: 'fraiseql-pdb' }, spec }] };
}

test('a disruption budget is found by the labels of the pods', async () => {
  const observed = await observeTarget(client, plan.target);
  const checks = await clusterChecks({ client, observed, plan, onBehalfOf: { user: 'x', attempt: 'plan' } });
  expect(checks.find(({ id }) => id === 'disruption-budget')).toMatchObject({
    result: 'pass',
    detail: 'fraiseql-pdb: at least 2 available.',
  });
});
