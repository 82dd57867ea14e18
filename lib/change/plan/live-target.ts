import 'server-only';
import type { ClusterClient } from '@/lib/actuators/kubernetes/client';
import { isClusterError } from '@/lib/actuators/kubernetes/error';
import { readObject } from '@/lib/actuators/kubernetes/object';
import { readDeployment } from '@/lib/actuators/kubernetes/read';
import { type Colour, colours, otherColour } from '@/lib/config/colours';
import type { Placement } from '@/lib/config/service';
import type { Pair } from '@/lib/config/traffic';
import { OpsError } from '@/lib/core/errors';
import { routerOf } from '@/lib/service/pair';
import type { RequestPlan } from '../contract';
import { readFields } from '../staged/fields';
import { aloneOf, sharesOf } from '../staged/router';
import type { Shares } from '../staged/router-rules';
import type { Target } from './find-target';

/** `isIdle`: what is changed takes no requests, so that no figure of it says whether it is well. */
export type LiveTarget = { target: Target; isIdle: boolean };

/**
 * Percent of the requests of each colour by the word of the router now; null when it is not there or does not say it.
 * Throws ClusterError.
 */
export async function toldShares(
  client: ClusterClient,
  { namespace }: Pick<Placement, 'namespace'>,
  pair: Pair,
): Promise<Shares | null> {
  if (pair.traffic.kind === 'replicas') {
    const [blue, green] = await Promise.all(
      colours.map(async (colour) => {
        const { status } = await readDeployment(client, { namespace, name: pair[colour].deployment });
        return status.readyReplicas;
      }),
    );
    return sharesOf(pair, null, { blue: blue ?? 0, green: green ?? 0 });
  }
  const { kind, name } = routerOf(pair);
  const router = await orNull(readObject(client, { kind, namespace, name }));
  return router === null ? null : sharesOf(pair, readFields(kind, router));
}

/** The same, and where the router does not say it the only colour that shall have pods takes all. Throws ClusterError. */
export async function readShares(
  client: ClusterClient,
  placement: Pick<Placement, 'namespace'>,
  pair: Pair,
): Promise<Shares | null> {
  const told = await toldShares(client, placement, pair);
  return told ?? (pair.traffic.kind === 'replicas' ? null : await aloneShares(client, placement, pair));
}

async function aloneShares(
  client: ClusterClient,
  { namespace }: Pick<Placement, 'namespace'>,
  pair: Pair,
): Promise<Shares | null> {
  const [blue, green] = await Promise.all(
    colours.map(async (colour) => {
      const found = await orNull(readDeployment(client, { namespace, name: pair[colour].deployment }));
      return found?.spec.replicas ?? 0;
    }),
  );
  return aloneOf({ blue: blue ?? 0, green: green ?? 0 });
}

async function orNull<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if (isClusterError(error, 'not-found')) return null;
    throw error;
  }
}

const refuse = (message: string, next: string): OpsError => new OpsError('precondition', message, { next });

/**
 * The Deployment that a change of one Deployment is about: with a pair, that of the colour that takes the requests, or
 * of the one that a scale names. Throws OpsError `precondition` while both take requests or when it cannot be told,
 * and ClusterError.
 */
export async function liveTarget(
  client: ClusterClient,
  target: Target,
  input: RequestPlan,
): Promise<LiveTarget> {
  const { placement, service } = target;
  const { pair, region } = placement;
  const named = input.kind === 'scale' ? input.colour : undefined;
  if (pair === undefined) {
    if (named === undefined) return { target, isIdle: false };
    throw refuse(
      `${service.name} has no pair of colours in ${region}, so there is no ${named}.`,
      'Leave the colour out.',
    );
  }
  // What no router keeps requests from is not idle: its first pods may be asked at once.
  const shares = await (named === undefined ? readShares : toldShares)(client, placement, pair);
  if (shares === null) {
    const { kind, name } = routerOf(pair);
    throw refuse(
      `Which colour of ${service.name} takes the requests in ${region} cannot be told from ${kind} ${name}.`,
      'Correct the object in the cluster, or the pair in signalbox.yaml.',
    );
  }
  const colour = named ?? onlyLive(shares, target, input);
  const wants = input.kind === 'scale' ? input.replicas : null;
  // Where the pods are the share, more of them take requests.
  const isIdle = shares[colour] === 0 && (pair.traffic.kind !== 'replicas' || wants === 0);
  if (input.kind === 'scale' && input.replicas === 0 && !isIdle) {
    throw refuse(
      `${colour} takes requests of ${service.name} in ${region}: without pods they all fail.`,
      `Send the requests to ${otherColour(colour)} first, or keep at least one pod.`,
    );
  }
  const { deployment } = pair[colour];
  return { target: { ...target, placement: { ...placement, deployment } }, isIdle };
}

function onlyLive(shares: Shares, { service, placement }: Target, { kind }: RequestPlan): Colour {
  const live = colours.filter((colour) => shares[colour] > 0);
  const [only, second] = live;
  if (only !== undefined && second === undefined) return only;
  throw refuse(
    `Both colours of ${service.name} take requests in ${placement.region} (blue ${percent(shares.blue)}, green ${percent(shares.green)}), so it is not clear which Deployment is meant.`,
    kind === 'scale'
      ? 'Name the colour, or send all requests to one of them first.'
      : 'Send all requests to one of them first.',
  );
}

const percent = (share: number): string => `${Math.round(share * 10) / 10} %`;

/**
 * Why the Deployment of a plan is not any more the one that it was made for: the requests went to the other colour
 * since. A change of the idle colour must find it idle, above all one that stops its pods. Null when it still fits.
 */
export function colourProblem(
  pair: Pair,
  shares: Shares | null,
  plan: { kind: string; deployment: string; isIdle: boolean },
): string | null {
  const colour = colours.find((one) => pair[one].deployment === plan.deployment);
  if (colour === undefined) return null;
  if (shares === null) return 'Which colour takes the requests cannot be told any more. Ask for a new plan.';
  const share = shares[colour];
  const now = `${colour} takes ${share === 0 ? 'no' : percent(share)} ${share === 0 ? 'requests' : 'of the requests'} now`;
  if (plan.isIdle) {
    return share === 0
      ? null
      : `The plan was made while ${colour} took no requests; ${now}. Ask for a new plan.`;
  }
  // A scale may name one of two colours that both serve; every other change is of the one that takes all.
  const fits = plan.kind === 'scale' ? share > 0 : share === 100;
  return fits ? null : `The requests went elsewhere since the plan was made: ${now}. Ask for a new plan.`;
}
