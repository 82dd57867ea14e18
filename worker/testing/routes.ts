import { z } from 'zod';
import type { Store } from '@/sandbox/kubernetes/store';

const Mesh = z.object({
  spec: z.object({ http: z.array(z.object({ route: z.array(z.object({ weight: z.number() })) })) }),
});
const Gateway = z.object({
  spec: z.object({ rules: z.array(z.object({ backendRefs: z.array(z.object({ weight: z.number() })) })) }),
});

/** Weights of blue and green as the router of a service has them now: those of its last rule. */
export function weightsOf(store: Store, service: string): number[] {
  const mesh = Mesh.safeParse(store.get('virtualservices.networking.istio.io', 'fraiseql', service));
  if (mesh.success) return (mesh.data.spec.http.at(-1)?.route ?? []).map(({ weight }) => weight);
  const gateway = Gateway.parse(store.get('httproutes.gateway.networking.k8s.io', 'fraiseql', service));
  return (gateway.spec.rules.at(-1)?.backendRefs ?? []).map(({ weight }) => weight);
}
