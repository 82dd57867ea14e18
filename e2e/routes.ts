import { z } from 'zod';
import { readAsAdmin } from './kube';
import { pretend } from './stack';

export const meshPath = '/apis/networking.istio.io/v1/namespaces/fraiseql/virtualservices/fraiseql-api';
export const gatewayPath =
  '/apis/gateway.networking.k8s.io/v1/namespaces/fraiseql/httproutes/fraiseql-observers';
const colourPath = '/api/v1/namespaces/architect-production/services/architect-api';

type Cluster = 'us-east-1' | 'eu-west-1';
const Weighted = z.looseObject({ weight: z.number() });
const Mesh = z.object({
  spec: z.object({ http: z.array(z.looseObject({ route: z.array(Weighted) })) }),
});
const Gateway = z.object({
  spec: z.object({ rules: z.array(z.looseObject({ backendRefs: z.array(Weighted) })) }),
});
const Selector = z.object({ spec: z.object({ selector: z.record(z.string(), z.string()) }) });

/** Weights of blue, green and, while a canary has one, the baseline in the VirtualService of FraiseQL API. */
export async function meshWeights(cluster: Cluster): Promise<number[]> {
  const { spec } = Mesh.parse(await readAsAdmin(cluster, meshPath));
  return (spec.http.at(-1)?.route ?? []).map(({ weight }) => weight);
}

/** Weights of blue and green in the HTTPRoute of the observers. */
export async function gatewayWeights(cluster: Cluster): Promise<number[]> {
  const { spec } = Gateway.parse(await readAsAdmin(cluster, gatewayPath));
  return (spec.rules.at(-1)?.backendRefs ?? []).map(({ weight }) => weight);
}

/** The colour that the Service of Architect Dashboard API selects. */
export const colourOf = async (cluster: Cluster): Promise<string | undefined> =>
  Selector.parse(await readAsAdmin(cluster, colourPath)).spec.selector['color'];

/** Somebody edits the weights of FraiseQL API by hand. */
export async function editMesh(cluster: Cluster, blue: number): Promise<void> {
  const { spec } = Mesh.parse(await readAsAdmin(cluster, meshPath));
  const last = spec.http.at(-1);
  if (last === undefined) throw new Error('The VirtualService has no route.');
  const weights = [blue, 100 - blue];
  last.route = last.route.map((one, index) => ({ ...one, weight: weights[index] ?? 0 }));
  await pretend.post('/edits', { cluster, path: meshPath, patch: { spec }, manager: 'kubectl-edit' });
}
