import { colours } from '@/lib/config/colours';
import { formatDuration } from '@/lib/core/duration';
import type { Reading } from '@/lib/core/reading';
import type { JudgedRule } from '@/lib/slo/math/burn';
import type { Deployment } from '@/lib/sources/kubernetes/schema';
import type { FiringAlert, ServiceState } from './contract';
import { isLive, isRollingOut, isStuck, type PlaceObjects, podTotals } from './pods';

export type Evidence = {
  errorRatio: Reading<number>;
  requestRate: Reading<number>;
  /** Null where the service has no objective. */
  pairs: readonly JudgedRule[] | null;
  objects: Reading<PlaceObjects>;
  /** Alerts of this service and region that nobody silenced. */
  alerts: readonly FiringAlert[];
  /** What a running change does here, in one sentence. */
  change: string | null;
};
export type Judged = { state: ServiceState; cause: string | null };

const perCent = (ratio: number): string => {
  const value = ratio * 100;
  if (value === 0) return '0 %';
  if (value < 0.01) return '< 0.01 %';
  return `${value >= 10 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2)} %`;
};
const times = (burn: number): string => `${burn >= 10 ? burn.toFixed(0) : burn.toFixed(1)}×`;

/** Share of failed requests at which a service counts as down whatever its pods say. */
const downRatio = 0.9;

function down({ errorRatio, objects }: Evidence): string | null {
  if (errorRatio.state === 'fresh' && errorRatio.value >= downRatio) {
    return `${perCent(errorRatio.value)} of the requests fail.`;
  }
  if (objects.state !== 'fresh') return null;
  const { desired, ready: counted } = podTotals(objects.value);
  if (desired === 0) return 'It is scaled to zero: no pod runs.';
  const live = objects.value.pods.filter(isLive);
  if (live.some(({ ready }) => ready) || counted > 0) return null;
  const reason = live.find((pod) => pod.reason !== null)?.reason;
  return `None of ${desired} pods is ready${reason === undefined || reason === null ? '' : ` (${reason})`}.`;
}

function burning(pairs: Evidence['pairs'], severity: JudgedRule['rule']['severity']): string | null {
  const pair = pairs?.find((one) => one.firing && one.rule.severity === severity);
  if (pair === undefined || pair.long === null) return null;
  return `The error budget burns ${times(pair.long)} over ${formatDuration(pair.rule.longSeconds)} (threshold ${times(pair.rule.factor)}).`;
}

/** `of green `: which of two Deployments is meant while both colours take requests. */
function ofColour({ serving, pair }: PlaceObjects, { name }: Deployment): string {
  const colour = serving.length < 2 ? undefined : colours.find((one) => pair?.[one].name === name);
  return colour === undefined ? '' : `of ${colour} `;
}

/** What a container waits for while it simply starts is no trouble. */
const starting = ['ContainerCreating', 'PodInitializing', 'Completed'];
const isTrouble = (reason: string | null): boolean => reason !== null && !starting.includes(reason);

function degraded({ objects, alerts }: Evidence): string | null {
  if (objects.state === 'fresh') {
    const { serving, pods } = objects.value;
    if (serving.some(isStuck)) return 'The rollout passed its progress deadline and goes no further.';
    const broken = pods.find((pod) => isLive(pod) && !pod.ready && isTrouble(pod.reason));
    if (broken !== undefined) return `Pod ${broken.name} is not ready (${broken.reason}).`;
    const short = serving.find((one) => !isRollingOut(one) && one.ready < one.desired);
    if (short !== undefined)
      return `${short.ready} of ${short.desired} pods ${ofColour(objects.value, short)}are ready.`;
  }
  const loud = alerts.filter(({ severity }) => severity === 'critical' || severity === 'warning');
  if (loud.length === 0) return null;
  return loud.length === 1
    ? `Alert ${loud[0]?.name} fires.`
    : `${loud.length} alerts fire, first ${loud[0]?.name}.`;
}

function deploying({ objects, change }: Evidence): string | null {
  if (change !== null) return change;
  if (objects.state !== 'fresh') return null;
  const moving = objects.value.serving.find(isRollingOut);
  if (moving === undefined) return null;
  const pods = `${moving.updated} of ${moving.desired} pods ${ofColour(objects.value, moving)}are new.`;
  return moving.paused ? `A rollout is paused: ${pods}` : `A rollout is under way: ${pods}`;
}

/** Neither the figures nor the cluster can be read, or the figures are silent: nothing may be called healthy. */
function noData({ errorRatio, requestRate, objects }: Evidence): string | null {
  if (requestRate.state === 'stale') return requestRate.detail ?? 'Its figures are not current.';
  if (requestRate.state === 'missing') return requestRate.detail ?? 'It has no figures.';
  if (errorRatio.state === 'stale') return errorRatio.detail ?? 'Its figures are not current.';
  if (objects.state !== 'fresh') return objects.detail ?? 'Its pods cannot be seen.';
  return null;
}

/** One state per service and region, the worst that is true, with its cause in words. */
export function judge(evidence: Evidence): Judged {
  const ladder: [ServiceState, () => string | null][] = [
    ['down', () => down(evidence)],
    ['burning-fast', () => burning(evidence.pairs, 'page')],
    ['burning-slow', () => burning(evidence.pairs, 'ticket')],
    ['degraded', () => degraded(evidence)],
    ['no-data', () => noData(evidence)],
    ['deploying', () => deploying(evidence)],
  ];
  for (const [state, cause] of ladder) {
    const found = cause();
    if (found !== null) return { state, cause: found };
  }
  return { state: 'healthy', cause: null };
}
