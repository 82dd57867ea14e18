import { aloneOf, type Shares, sharesOf } from '@/lib/change/staged/router';
import { type Colour, colours } from '@/lib/config/colours';
import type { Placement } from '@/lib/config/service';
import type { Pair } from '@/lib/config/traffic';
import { missing, type Reading } from '@/lib/core/reading';
import type { RouterKind, RouterObject } from '@/lib/sources/kubernetes/routers';
import type { Deployment, Pod, ReplicaSet } from '@/lib/sources/kubernetes/schema';
import { versionOf } from './version';

/** What the cluster shows of the namespace of a placement; `router` only where it has a pair. */
export type PlacementObjects = {
  deployments: Reading<Deployment[]>;
  sets: Reading<ReplicaSet[]>;
  pods: Reading<Pod[]>;
  /** Null where there is no object of that name. Not needed where the pods are the share. */
  router: Reading<RouterObject | null>;
};

/** One Deployment of a pair now. */
export type MemberNow = {
  /** Of the Deployment, whether it is there or not. */
  name: string;
  deployment: Deployment | null;
  /** Of its pod template; null without a Deployment. */
  version: string | null;
  pods: Pod[];
  /** Ready pods by the Deployment's own count. */
  ready: number;
  /** Percent of the requests by weight; null when it cannot be told. */
  share: number | null;
};
export type ColourNow = MemberNow & { colour: Colour };

/** Both colours, and the one that takes the requests; null when that cannot be told, and `unknown` says why. */
export type PairNow = Record<Colour, ColourNow> & {
  live: Colour | 'both' | null;
  /** Pods of the old version that a canary is compared with: no colour, and never the live one. */
  baseline?: MemberNow;
  unknown: Extract<Reading<never>, { state: 'missing' }> | null;
};

const kinds = {
  service: 'Service',
  replicas: 'Service',
  'virtual-service': 'VirtualService',
  'http-route': 'HTTPRoute',
} as const satisfies Record<Pair['traffic']['kind'], RouterKind>;

/** Kind and name of the object that sends the requests to one colour or the other. */
export const routerOf = ({ traffic }: Pair): { kind: RouterKind; name: string } => ({
  kind: kinds[traffic.kind],
  name: traffic.name,
});

const rank = (reading: Reading<unknown>): number => ['missing', 'stale', 'fresh'].indexOf(reading.state);

/** The one that is known least; the first of equals. */
export const worstOf = (readings: readonly Reading<unknown>[]): Reading<unknown> | undefined =>
  readings.toSorted((a, b) => rank(a) - rank(b))[0];

/** A value that is as old as the worst of what it was made from; missing when one of those is. */
export function withAgeOf<T>(readings: readonly Reading<unknown>[], value: () => T): Reading<T> {
  const worst = worstOf(readings);
  if (worst === undefined) return missing('not-configured');
  return worst.state === 'missing' ? worst : { ...worst, value: value() };
}

/** The pods of a Deployment's ReplicaSets. The owner decides, not the labels: another workload may carry the same ones. */
export function podsOf(deployment: Deployment, sets: readonly ReplicaSet[], pods: readonly Pod[]): Pod[] {
  const owned = new Set(sets.filter(({ owner }) => owner?.uid === deployment.uid).map(({ uid }) => uid));
  return pods.filter(({ owner }) => owner !== null && owned.has(owner.uid));
}

/**
 * Both colours of a placement and what each takes of the requests, as the router says now; null where there is no
 * pair. A router that cannot be read leaves the colours without shares: nothing is guessed from versions or pods.
 */
export function pairOf(placement: Placement, objects: PlacementObjects): Reading<PairNow> | null {
  const { pair } = placement;
  if (pair === undefined) return null;
  const { deployments, sets, pods, router } = objects;
  const known = router.state === 'missing' || pair.traffic.kind === 'replicas' ? [] : [router];
  if (deployments.state === 'missing') return deployments;
  if (sets.state === 'missing') return sets;
  if (pods.state === 'missing') return pods;
  return withAgeOf([deployments, sets, pods, ...known], () => {
    const memberOf = (name: string): MemberNow => {
      const deployment = deployments.value.find((one) => one.name === name) ?? null;
      return {
        name,
        deployment,
        version: deployment === null ? null : versionOf(deployment.containers, placement.container),
        pods: deployment === null ? [] : podsOf(deployment, sets.value, pods.value),
        ready: deployment?.ready ?? 0,
        share: null,
      };
    };
    const colourOf = (colour: Colour): ColourNow => ({ colour, ...memberOf(pair[colour].deployment) });
    const both = { blue: colourOf('blue'), green: colourOf('green') };
    const shares = readShares(placement, pair, router, both);
    const beside = (share: number | null) =>
      pair.baseline === undefined ? {} : { baseline: { ...memberOf(pair.baseline.deployment), share } };
    if ('state' in shares) return { ...both, ...beside(null), live: null, unknown: shares };
    const live = colours.filter((colour) => shares[colour] > 0);
    return {
      blue: { ...both.blue, share: shares.blue },
      green: { ...both.green, share: shares.green },
      ...beside(shares.baseline ?? 0),
      live: live.length === 2 ? 'both' : (live[0] ?? null),
      unknown:
        live.length === 0
          ? unknownShare(placement, pair, 'bad-response', 'sends requests to neither of its colours')
          : null,
    };
  });
}

type Unknown = NonNullable<PairNow['unknown']>;

function readShares(
  placement: Placement,
  pair: Pair,
  router: PlacementObjects['router'],
  { blue, green }: Record<Colour, ColourNow>,
): Shares | Unknown {
  if (pair.traffic.kind === 'replicas') {
    // When no pod is ready, those that shall run say whose requests fail.
    const count = ({ ready, deployment }: ColourNow): number =>
      blue.ready + green.ready > 0 ? ready : (deployment?.desired ?? 0);
    const shares = sharesOf(pair, null, { blue: count(blue), green: count(green) });
    return shares ?? unknownShare(placement, pair, 'no-series', 'selects pods of which none shall run');
  }
  if (router.state === 'missing') {
    return {
      state: 'missing',
      reason: router.reason,
      detail: `Which colour takes the requests cannot be told: ${router.detail ?? router.reason}`,
    };
  }
  const desired = ({ deployment }: ColourNow): number => deployment?.desired ?? 0;
  const alone = aloneOf({ blue: desired(blue), green: desired(green) });
  if (router.value === null) return alone ?? unknownShare(placement, pair, 'no-series', 'is not there');
  return (
    sharesOf(pair, router.value.spec) ??
    alone ??
    unknownShare(placement, pair, 'bad-response', 'does not say it')
  );
}

function unknownShare(
  { cluster, namespace }: Placement,
  pair: Pair,
  reason: Unknown['reason'],
  why: string,
): Unknown {
  const { kind, name } = routerOf(pair);
  return {
    state: 'missing',
    reason,
    detail: `Which colour takes the requests cannot be told: ${kind} ${name} in namespace ${namespace} of cluster ${cluster} ${why}.`,
  };
}

/** The colours that take requests, the one with the larger share first; empty when that cannot be told. */
export const servingColours = (pair: PairNow): ColourNow[] =>
  colours
    .map((colour) => pair[colour])
    .filter(({ share }) => share !== null && share > 0)
    .toSorted((a, b) => (b.share ?? 0) - (a.share ?? 0));

const percent = (share: number): string => `${Math.round(share * 10) / 10} %`;
const podsWord = (pods: number): string => `${pods} pod${pods === 1 ? '' : 's'}`;

/** `takes 5 % of the requests`. */
export function takesWords({ share }: Pick<ColourNow, 'share'>): string {
  if (share === null) return 'its part of the requests is not known';
  if (share === 0) return 'takes no requests';
  return share === 100 ? 'takes all requests' : `takes ${percent(share)} of the requests`;
}

/** `green, 3.1.0, 3 pods, takes no requests`: what a colour is, in one line. */
export function colourSentence(now: ColourNow): string {
  const { colour, deployment, name, version, ready } = now;
  const takes = takesWords(now);
  if (deployment === null) return `${colour}, Deployment ${name} is not there, ${takes}`;
  const { desired } = deployment;
  const pods = ready === desired ? podsWord(desired) : `${ready} of ${podsWord(desired)} ready`;
  return `${colour}, ${version}, ${pods}, ${takes}`;
}
