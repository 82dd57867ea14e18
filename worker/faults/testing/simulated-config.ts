import { Config } from '@/lib/config/schema';
import type { Placement } from '@/lib/config/service';
import { testConfig, testConfigInput } from '@/worker/testing/config';
import { stagedConfig } from '@/worker/testing/staged-world';

/** Seconds of virtual time. Holds are longer than a lease, so that a takeover alone never makes a change hold. */
export const LEASE = 30;
export const STOP_ACTING = 20;
const timing = {
  watch: '1s',
  lease: `${LEASE}s`,
  heartbeat: '5s',
  stopActing: `${STOP_ACTING}s`,
  callTimeout: '8s',
  resync: '15s',
  rolloutDeadline: '600s',
};
const guard = { window: '5s', interval: '1s', grace: '300s' };

/** Times of a second or so: each further look costs every schedule its time. */
const strategies = {
  canary: [
    { weight: 5, hold: '1s' },
    { weight: 25, hold: '1s' },
  ],
  gradual: [
    { weight: 25, hold: '1s' },
    { weight: 50, hold: '1s' },
  ],
  minRequests: 100,
  minVerdict: 50,
  proveWindow: '1s',
  ingestLag: '100ms',
  proveTimeout: '300s',
  drain: '1s',
  soak: '1s',
};

/**
 * Seconds of the real clock that a call may take: longer than any does, so that one is late only where a schedule says
 * so, however busy the machine is.
 */
const CALL = 3600;
const patient = (config: Config): Config => ({
  ...config,
  clusters: config.clusters.map((one) => ({ ...one, timeout: CALL })),
  sources: {
    ...config.sources,
    prometheus: config.sources.prometheus.map((one) => ({ ...one, timeout: CALL })),
  },
});

/** Where nothing has weights: one Service chooses the pods of both colours. No kind over a router is tried there. */
export const BY_PODS = { service: 'fraiseql-observers', region: 'eu-west-1' } as const;

const withoutRouter = (config: Config): Config => ({
  ...config,
  services: config.services.map((service) =>
    service.id === BY_PODS.service
      ? {
          ...service,
          placements: Object.fromEntries(
            Object.entries(service.placements).map(([environment, list]) => [
              environment,
              list.map((place) => (place.region === BY_PODS.region ? byPods(place) : place)),
            ]),
          ),
        }
      : service,
  ),
});
const byPods = (place: Placement): Placement =>
  place.pair === undefined
    ? place
    : { ...place, pair: { ...place.pair, traffic: { kind: 'replicas', name: BY_PODS.service } } };

export const simulatedStagedConfig = (at: { kubeconfig: string; prometheus: string }): Config =>
  withoutRouter(patient(stagedConfig(at, { timing, guard: { ...guard, window: '1s' }, strategies })));

export const simulatedConfig = (at: { kubeconfig: string; prometheus: string }): Config =>
  patient(testConfig({ kubeconfig: at.kubeconfig, prometheus: at.prometheus }, { timing, guard }));

/** With databases and how copies of them are made. */
export const simulatedDataConfig = (
  at: { kubeconfig: string; prometheus: string },
  parts: { backups: unknown; databases: readonly unknown[] },
): Config => patient(Config.parse({ ...testConfigInput(at, { timing, guard }), ...parts }));
