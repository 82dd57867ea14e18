import type { Config } from '@/lib/config/schema';
import { testConfig } from '@/worker/testing/config';
import { stagedConfig } from '@/worker/testing/staged-world';

/** Seconds of virtual time. Holds are longer than a lease, so that a takeover alone never makes a change hold. */
export const LEASE = 30;
export const STOP_ACTING = 20;
const timing = {
  watch: '1s',
  lease: `${LEASE}s`,
  heartbeat: '5s',
  stopActing: `${STOP_ACTING}s`,
  callTimeout: '2s',
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
  gradual: [{ weight: 50, hold: '1s' }],
  minRequests: 100,
  minVerdict: 50,
  proveWindow: '1s',
  ingestLag: '100ms',
  proveTimeout: '300s',
  drain: '1s',
  soak: '1s',
};

export const simulatedStagedConfig = (at: { kubeconfig: string; prometheus: string }): Config =>
  stagedConfig(at, { timing, guard: { ...guard, window: '1s' }, strategies });

export const simulatedConfig = (at: { kubeconfig: string; prometheus: string }): Config =>
  testConfig({ kubeconfig: at.kubeconfig, prometheus: at.prometheus }, { timing, guard });
