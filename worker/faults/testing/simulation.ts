import type { KubeObject } from '@/sandbox/kubernetes/store';
import { placements } from '@/sandbox/topology';
import { seedPlacement } from '@/sandbox/topology/workload-objects';
import { type TestPrometheus, testPrometheus } from '@/worker/testing/prometheus';
import { deploymentOf } from '@/worker/testing/world';
import { type GroundOptions, startGround } from './ground';
import { simulatedConfig } from './simulated-config';

export const NAMESPACE = 'fraiseql';
export const DEPLOYMENT = 'fraiseql-api';
/** Few, so that a schedule is quick. */
export const PODS = 2;
const REGION = 'us-east-1';
const withReplicas = (object: KubeObject): KubeObject => ({
  ...object,
  spec: { ...object.spec, replicas: PODS },
});
const copyOf = (object: KubeObject): KubeObject => structuredClone(object);

/** The ground with one Deployment in one cluster, for changes of one Deployment. */
export async function startSimulation(config: GroundOptions<TestPrometheus>['config'] = simulatedConfig) {
  const placement = placements().find(
    ({ service, environment }) => service.id === 'fraiseql-api' && environment === 'production',
  );
  if (placement === undefined) throw new Error('The topology has no fraiseql-api.');
  const ground = await startGround({
    clusters: [REGION],
    prometheus: (asked) => testPrometheus(asked),
    config,
    seed: (store, _, nowMs) =>
      seedPlacement(store, { ...placement, service: { ...placement.service, minReadySeconds: 0 } }, nowMs),
  });
  const { advance } = ground;
  const cluster = ground.clusterOf(REGION);
  // A version that ran before, so that there is something to go back to.
  for (const version of ['1.7.0', '1.8.0']) {
    cluster.store.change('deployments.apps', NAMESPACE, DEPLOYMENT, (object) =>
      withReplicas(
        JSON.parse(JSON.stringify(object).replaceAll(/(fraiseql-api:)\d+\.\d+\.\d+"/g, `$1${version}"`)),
      ),
    );
    await advance(20_000);
  }
  const base = copyOf(deploymentOf(cluster.store));
  const reset = async (): Promise<void> => {
    cluster.store.change('deployments.apps', NAMESPACE, DEPLOYMENT, (object) => {
      const copy = copyOf(object);
      const annotations = { ...copy.metadata.annotations };
      delete annotations['signalbox.dev/fence'];
      return { ...copy, metadata: { ...copy.metadata, annotations }, spec: structuredClone(base.spec ?? {}) };
    });
    await advance(10_000);
  };
  return { ...ground, cluster, reset };
}
export type Simulation = Awaited<ReturnType<typeof startSimulation>>;
