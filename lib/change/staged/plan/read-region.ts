import 'server-only';
import type { z } from 'zod';
import type { ClusterClient } from '@/lib/actuators/kubernetes/client';
import { isClusterError } from '@/lib/actuators/kubernetes/error';
import { type ClusterObject, readObject, readReadyEndpoints } from '@/lib/actuators/kubernetes/object';
import { readAutoscalers, readClusterUid } from '@/lib/actuators/kubernetes/read';
import type { AutoscalerObject } from '@/lib/actuators/kubernetes/schema';
import { type Colour, colours } from '@/lib/config/colours';
import type { Maintenance } from '@/lib/config/service';
import type { Pair } from '@/lib/config/traffic';
import { OpsError } from '@/lib/core/errors';
import { type Observed, observeTarget } from '../../execute/observe';
import type { Target } from '../../plan/find-target';
import { imageOf } from '../../template';
import type { Fields, ObjectKind } from '../contract';
import { readFields } from '../fields';
import { sharesOf } from '../router';
import type { Shares } from '../router-rules';

/** The object that sends the requests to one colour or the other. */
export type Router = {
  kind: Exclude<ObjectKind, 'Deployment' | 'ConfigMap' | 'HorizontalPodAutoscaler'>;
  name: string;
  object: ClusterObject;
  /** Its own members of spec, as the plan takes them for its baseline. */
  fields: Fields;
};

/** Pods of the old version beside both colours, and the Service that selects them alone. */
export type Baseline = { deployment: string; service: string; now: Observed; object: ClusterObject | null };

/** What a plan rests on in one region, read at one moment. */
export type Region = {
  region: string;
  target: Target;
  pair: Pair;
  client: ClusterClient;
  clusterUid: string;
  members: Record<Colour, Observed>;
  /** Ready endpoints of each colour's own Service. */
  endpoints: Record<Colour, number>;
  /** The Services of the colours; null where there is none of that name. */
  services: Record<Colour, ClusterObject | null>;
  /** The one Service of both colours, where the share is that of the pods; null where there is a router, or none of that name. */
  shared: ClusterObject | null;
  /** The member that a canary is compared with; null where the pair has none. */
  baseline: Baseline | null;
  /** Null where the share is that of the pods. */
  router: Router | null;
  /** What says whether the service refuses its requests; null where the change does not ask for that. */
  maintenance: Switchable | null;
  /** What scales the Deployment of each colour; null where nothing does, or the change does not ask. */
  autoscalers: Record<Colour, Autoscaler | null>;
  shares: Shares;
};

export type Autoscaler = z.infer<typeof AutoscalerObject>;

export type Switchable = { settings: Maintenance; object: ClusterObject };

/** The Deployment of this name, of a colour or of the baseline. */
export function deploymentNamed({ members, pair, baseline }: Region, name: string): Observed {
  if (baseline?.deployment === name) return baseline.now;
  return members[pair.blue.deployment === name ? 'blue' : 'green'];
}

/** The autoscaler of this name; null for an object of another kind. */
export function scalerNamed({ autoscalers }: Region, kind: ObjectKind, name: string): Autoscaler | null {
  if (kind !== 'HorizontalPodAutoscaler') return null;
  const own = colours.map((colour) => autoscalers[colour]);
  return own.find((one) => one?.metadata.name === name) ?? null;
}

const kinds = {
  service: 'Service',
  'virtual-service': 'VirtualService',
  'http-route': 'HTTPRoute',
} as const;

/** Throws ClusterError, and OpsError `precondition` when a part of the pair is missing or its shares cannot be told. */
export async function readRegion(
  client: ClusterClient,
  target: Target,
  wants: { maintenance?: boolean; autoscalers?: boolean } = {},
): Promise<Region> {
  const { placement } = target;
  const { namespace, container, pair, region } = placement;
  if (pair === undefined) {
    throw new OpsError('precondition', `${target.service.name} has no pair of colours in ${region}.`, {
      next: 'Name a pair in signalbox.yaml.',
    });
  }
  const member = (colour: Colour) =>
    present(
      observeTarget(client, { namespace, name: pair[colour].deployment, container }),
      `The Deployment ${pair[colour].deployment} (${colour}) is not in ${region}.`,
    );
  const service = (name: string) =>
    readObject(client, { kind: 'Service', namespace, name }).catch(ifAbsent(null));
  const own = (colour: Colour) => service(pair[colour].service);
  const { baseline } = pair;
  const third =
    baseline === undefined
      ? null
      : Promise.all([
          present(
            observeTarget(client, { namespace, name: baseline.deployment, container }),
            `The Deployment ${baseline.deployment} (baseline) is not in ${region}.`,
          ),
          service(baseline.service),
        ]);
  const ready = (colour: Colour) => readReadyEndpoints(client, { namespace, name: pair[colour].service });
  const [clusterUid, router, blue, green, ...rest] = await Promise.all([
    readClusterUid(client),
    readRouter(client, pair, { namespace, region }),
    member('blue'),
    member('green'),
    own('blue'),
    own('green'),
    ready('blue'),
    ready('green'),
    third,
    wants.maintenance === true ? readMaintenance(client, target) : null,
    pair.traffic.kind === 'replicas' ? service(pair.traffic.name) : null,
    wants.autoscalers === true ? readScalers(client, namespace) : [],
  ]);
  const [blueService, greenService, blueReady, greenReady, beside, maintenance, shared, scalers] = rest;
  const scalerOf = (colour: Colour) =>
    scalers.find(
      ({ spec: { scaleTargetRef: of } }) => of.kind === 'Deployment' && of.name === pair[colour].deployment,
    ) ?? null;
  const members = { blue, green };
  for (const colour of colours) checkContainer(members[colour], pair[colour].deployment, container);
  if (baseline !== undefined && beside !== null) checkContainer(beside[0], baseline.deployment, container);
  const pods = { blue: blue.live.counts.ready, green: green.live.counts.ready };
  const shares = sharesOf(pair, router?.fields ?? null, pods);
  if (shares === null) throw untold(pair, region);
  return {
    region,
    target,
    pair,
    client,
    clusterUid,
    members,
    endpoints: { blue: blueReady, green: greenReady },
    services: { blue: blueService, green: greenService },
    shared,
    baseline:
      baseline === undefined || beside === null ? null : { ...baseline, now: beside[0], object: beside[1] },
    router,
    maintenance,
    autoscalers: { blue: scalerOf('blue'), green: scalerOf('green') },
    shares,
  };
}

/** None where they may not be listed: the check of autoscalers says so, and the plan leaves them as they are. */
const readScalers = (client: ClusterClient, namespace: string): Promise<Autoscaler[]> =>
  readAutoscalers(client, namespace).catch((error: unknown) => {
    if (isClusterError(error, 'refused')) return [];
    throw error;
  });

function checkContainer({ subset }: Observed, name: string, container: string): void {
  if (imageOf(subset.template, container) !== null) return;
  throw new OpsError('precondition', `The Deployment ${name} has no container ${container}.`, {
    next: 'Correct the placement in signalbox.yaml.',
  });
}

async function readRouter(
  client: ClusterClient,
  { traffic }: Pair,
  { namespace, region }: { namespace: string; region: string },
): Promise<Router | null> {
  if (traffic.kind === 'replicas') return null;
  const kind = kinds[traffic.kind];
  const { name } = traffic;
  const object = await present(
    readObject(client, { kind, namespace, name }),
    `The ${kind} ${name} is not in ${region}, so nothing can be sent to one colour or the other.`,
  );
  return { kind, name, object, fields: readFields(kind, object) };
}

/** Throws OpsError `precondition` when the ConfigMap is missing, or does not say what the service is to be told back. */
async function readMaintenance(client: ClusterClient, { placement, service }: Target): Promise<Switchable> {
  const { namespace, region } = placement;
  const { maintenance: settings } = service;
  if (settings === undefined) throw new OpsError('internal', `${service.name} has no maintenance mode.`);
  const { configMap, key, on, off } = settings;
  const object = await present(
    readObject(client, { kind: 'ConfigMap', namespace, name: configMap }),
    `The ConfigMap ${configMap} is not in ${namespace} of ${region}, so the service cannot be put into maintenance.`,
  );
  const now = object.data[key];
  if (now === off) return { settings, object };
  const is = now === on ? 'is in maintenance already' : 'cannot be told to be answering';
  throw new OpsError(
    'precondition',
    `${service.name} ${is} in ${region}: the key ${key} of ConfigMap ${configMap} is ${now === undefined ? 'missing' : 'not the text of off'}.`,
    { next: 'Put the text of `off` there first, or leave maintenance mode out.' },
  );
}

const untold = ({ traffic }: Pair, region: string): OpsError =>
  traffic.kind === 'replicas'
    ? new OpsError('precondition', `No pod of either colour is ready in ${region}, so neither serves.`, {
        next: 'Bring the workload into a healthy state first.',
      })
    : new OpsError(
        'precondition',
        `Which colour takes the requests in ${region} cannot be told from ${kinds[traffic.kind]} ${traffic.name}: the rule is missing, names other backends, or its weights do not add up.`,
        { next: 'Correct the object in the cluster, or name the right rule in signalbox.yaml.' },
      );

async function present<T>(read: Promise<T>, message: string): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (!isClusterError(error, 'not-found')) throw error;
    throw new OpsError('precondition', message, {
      next: 'Create it, or correct the pair in signalbox.yaml.',
      cause: error,
    });
  }
}

const ifAbsent =
  <T>(value: T) =>
  (error: unknown): T => {
    if (isClusterError(error, 'not-found')) return value;
    throw error;
  };
