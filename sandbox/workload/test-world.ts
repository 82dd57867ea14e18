import { ObjectStore } from '../kubernetes/object-store';
import type { JsonObject } from '../kubernetes/store';

/** A namespace of services and ready pods, written straight into a store, for tests of routing. */
export class TestWorld {
  readonly store = new ObjectStore();
  readonly namespace: string;

  constructor(namespace: string) {
    this.namespace = namespace;
  }

  pod(name: string, options: { app: string; version: string; labels?: Record<string, string> }): void {
    const { app, version, labels = {} } = options;
    this.store.create('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: this.namespace, labels: { app, ...labels } },
      spec: { containers: [{ name: app, image: `registry.example.com/team/${app}:${version}` }] },
      status: {
        phase: 'Running',
        podIP: '10.0.0.1',
        containerStatuses: [{ name: app, restartCount: 0, ready: true, state: { running: {} } }],
      },
    });
  }

  /** A Service with one slice that names the given pods as ready. */
  service(name: string, pods: string[]): void {
    const { namespace } = this;
    this.store.create('services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { selector: { app: name } },
    });
    this.slice(name, pods);
  }

  /** The slice of a Service that is there already. */
  slice(name: string, pods: string[]): void {
    const { namespace } = this;
    this.store.create('endpointslices.discovery.k8s.io', {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: `${name}-1`, namespace, labels: { 'kubernetes.io/service-name': name } },
      endpoints: endpointsOf(pods),
    });
  }

  /** Replaces the ready pods of a Service. */
  ready(service: string, pods: string[]): void {
    this.store.change('endpointslices.discovery.k8s.io', this.namespace, `${service}-1`, (slice) => ({
      ...slice,
      endpoints: endpointsOf(pods),
    }));
  }

  object(resource: string, apiVersion: string, kind: string, name: string, spec: JsonObject): void {
    this.store.create(resource, { apiVersion, kind, metadata: { name, namespace: this.namespace }, spec });
  }
}

function endpointsOf(pods: string[]): JsonObject[] {
  return pods.map((name) => ({
    addresses: ['10.0.0.1'],
    conditions: { ready: true },
    targetRef: { kind: 'Pod', name },
  }));
}

/**
 * Whether `hits` of `draws` may come from probability `share`: within 4.5 standard deviations, which a fair
 * draw leaves once in 150,000 tries.
 */
export function isPlausible(hits: number, draws: number, share: number): boolean {
  return Math.abs(hits - draws * share) <= 4.5 * Math.sqrt(draws * share * (1 - share)) + 1e-9;
}
