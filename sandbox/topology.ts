/**
 * The pretend production as a table: two clusters, three services, their versions and traffic. Everything
 * else (objects to seed, series of the history, demo configuration) is derived from here.
 */

export const clusters = [
  { id: 'us-east-1', region: 'us-east-1', regionName: 'US East', role: 'primary', podNet: '10.244' },
  { id: 'eu-west-1', region: 'eu-west-1', regionName: 'EU West', role: 'secondary', podNet: '10.245' },
] as const;
export type Cluster = (typeof clusters)[number];
export type ClusterId = Cluster['id'];
export const clusterIds = clusters.map((cluster) => cluster.id);

const NODES_PER_CLUSTER = 3;
/** Names of the machines of a cluster. */
export const nodesOf = (cluster: Cluster): string[] =>
  Array.from(
    { length: NODES_PER_CLUSTER },
    (_, index) => `ip-10-${cluster.role === 'primary' ? 0 : 1}-${index + 1}-${17 + 23 * index}`,
  );

export type ServiceId = 'fraiseql-api' | 'fraiseql-observers' | 'architect-api';
export type Environment = 'production' | 'staging';

/** The two Deployments of a service that take turns; the label of their pods that says which one. */
export const colours = ['blue', 'green'] as const;
export type Colour = (typeof colours)[number];
export const COLOUR_LABEL = 'color';
/** Beside the colours: pods of the old version that a canary is compared with. */
export type Part = Colour | 'baseline';

/** What sends the requests of a service to one colour or the other (TRF-01, TRF-02). */
export type RouterKind = 'service' | 'virtual-service' | 'http-route';

/** A release that lies in the past: `daysAgo` is when it became the current version. */
export type PastRelease = { version: string; daysAgo: number };

export type AppService = {
  id: ServiceId;
  name: string;
  team: 'fraiseql' | 'architect';
  port: number;
  replicas: number;
  /** Oldest first; the last one is what runs now. */
  releases: readonly [PastRelease, PastRelease, PastRelease];
  next: string;
  namespaces: Record<Environment, string>;
  /** Mean requests per second and region in production; staging gets `stagingRps`. */
  rps: number;
  stagingRps: number;
  minReadySeconds: number;
  router: RouterKind;
  /** The pair has a Deployment for new pods of the old version beside a canary. */
  hasBaseline: boolean;
};

export const appServices: readonly AppService[] = [
  {
    id: 'fraiseql-api',
    name: 'FraiseQL API',
    team: 'fraiseql',
    port: 8000,
    replicas: 3,
    releases: [
      { version: '1.6.2', daysAgo: 44 },
      { version: '1.7.0', daysAgo: 20 },
      { version: '1.8.0', daysAgo: 6 },
    ],
    next: '2.0.0',
    namespaces: { production: 'fraiseql', staging: 'fraiseql-staging' },
    rps: 14,
    stagingRps: 1.5,
    minReadySeconds: 10,
    router: 'virtual-service',
    hasBaseline: true,
  },
  {
    id: 'fraiseql-observers',
    name: 'FraiseQL observers',
    team: 'fraiseql',
    port: 9090,
    replicas: 3,
    releases: [
      { version: '7.3.0', daysAgo: 51 },
      { version: '7.4.1', daysAgo: 20 },
      { version: '8.0.0', daysAgo: 6 },
    ],
    next: '8.1.0',
    namespaces: { production: 'fraiseql', staging: 'fraiseql-staging' },
    rps: 8,
    stagingRps: 1,
    minReadySeconds: 10,
    router: 'http-route',
    hasBaseline: false,
  },
  {
    id: 'architect-api',
    name: 'Architect Dashboard API',
    team: 'architect',
    port: 8080,
    replicas: 10,
    releases: [
      { version: 'v2.9.4', daysAgo: 47 },
      { version: 'v3.0.2', daysAgo: 20 },
      { version: 'v3.1.0', daysAgo: 6 },
    ],
    next: 'v3.2.0',
    namespaces: { production: 'architect-production', staging: 'architect-staging' },
    rps: 30,
    stagingRps: 2,
    minReadySeconds: 4,
    router: 'service',
    hasBaseline: false,
  },
];

/** One Deployment of one service in one cluster. */
export type Placement = {
  service: AppService;
  environment: Environment;
  cluster: Cluster;
  namespace: string;
  replicas: number;
  /** What runs when the cluster is made, and the good version before it. */
  version: string;
  previous: string;
  rps: number;
};

/** A colour pair runs each service in production; staging has one Deployment. */
export const hasPair = ({ environment }: Pick<Placement, 'environment'>): boolean =>
  environment === 'production';

/** What a pair of this service consists of. */
export const partsOf = ({ hasBaseline }: Pick<AppService, 'hasBaseline'>): readonly Part[] =>
  hasBaseline ? [...colours, 'baseline'] : colours;

/** Blue is the Deployment that the service always had. */
export const deploymentOf = (service: Pick<AppService, 'id'>, colour: Part): string =>
  colour === 'blue' ? service.id : `${service.id}-${colour}`;

/** The Service that selects the pods of one colour, or of the baseline, alone. */
export const colourServiceOf = (service: Pick<AppService, 'id'>, colour: Part): string =>
  `${service.id}-${colour}`;

/** The cluster that also carries staging. */
export const stagingCluster: ClusterId = 'us-east-1';

export function placements(): Placement[] {
  return clusters.flatMap((cluster) =>
    appServices.flatMap((service) => {
      const production: Placement = {
        service,
        environment: 'production',
        cluster,
        namespace: service.namespaces.production,
        replicas: service.replicas,
        version: service.releases[2].version,
        previous: service.releases[1].version,
        rps: service.rps,
      };
      if (cluster.id !== stagingCluster) return [production];
      const staging: Placement = {
        ...production,
        environment: 'staging',
        namespace: service.namespaces.staging,
        replicas: 1,
        version: service.next,
        previous: service.releases[2].version,
        rps: service.stagingRps,
      };
      return [production, staging];
    }),
  );
}

/** Image repository of a service, without a tag; the tag is the version. */
export function imageOf(service: AppService): string {
  return `registry.example.com/${service.team}/${service.id}`;
}

/** The tag of an image reference; `latest` when it has none, as a container runtime reads it. */
export function versionOfImage(image: string): string {
  const withoutDigest = image.split('@')[0] ?? image;
  const colon = withoutDigest.lastIndexOf(':');
  return colon > withoutDigest.lastIndexOf('/') ? withoutDigest.slice(colon + 1) : 'latest';
}

export function findService(id: string): AppService | null {
  return appServices.find((service) => service.id === id) ?? null;
}
