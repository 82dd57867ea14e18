import {
  type AppService,
  appServices,
  COLOUR_LABEL,
  colourServiceOf,
  deploymentOf,
  hasPair,
  imageOf,
  type Part,
  type Placement,
  placements,
} from '../topology';
import { MAINTENANCE, maintenanceName } from '../topology/maintenance';
import { families } from '../workload/families';

type Matcher = { label: string; op: '=' | '!=' | '=~' | '!~'; value: string };
type Series = { metric: string; matchers?: Matcher[] };
type Gauge = {
  id: string;
  name: string;
  unit: 'ratio' | 'count' | 'seconds' | 'bytes';
  used: Series;
  limit?: Series;
  kind?: 'gauge' | 'counter';
};

const descriptions: Record<AppService['id'], string> = {
  'fraiseql-api': 'GraphQL API over PostgreSQL views',
  'fraiseql-observers': 'Listeners that turn database events into actions',
  'architect-api': 'API behind the Architect Dashboard',
};

const owners = { fraiseql: 'Team FraiseQL', architect: 'Team Architect' } as const;

const containers: Gauge[] = [
  {
    id: 'cpu',
    name: 'CPU',
    unit: 'count',
    kind: 'counter',
    used: { metric: 'container_cpu_usage_seconds_total' },
    limit: limitOf('cpu'),
  },
  {
    id: 'memory',
    name: 'Memory',
    unit: 'bytes',
    used: { metric: 'container_memory_working_set_bytes' },
    limit: limitOf('memory'),
  },
];

const database: Gauge[] = [
  {
    id: 'connections',
    name: 'Database connections',
    unit: 'count',
    used: { metric: 'pg_stat_activity_count' },
    limit: { metric: 'pg_settings_max_connections' },
  },
  {
    id: 'replication-lag',
    name: 'Replication lag',
    unit: 'seconds',
    used: { metric: 'pg_replication_lag_seconds' },
  },
];

const own: Record<AppService['id'], Gauge[]> = {
  'fraiseql-api': [
    {
      id: 'pool',
      name: 'Pool connections in use',
      unit: 'count',
      used: { metric: 'fraiseql_db_connections_active' },
    },
    {
      id: 'cache-misses',
      name: 'Cache misses',
      unit: 'count',
      kind: 'counter',
      used: { metric: 'fraiseql_cache_misses_total' },
    },
    ...database,
  ],
  'fraiseql-observers': [
    {
      id: 'dead-letters',
      name: 'Dead letters',
      unit: 'count',
      kind: 'counter',
      used: { metric: 'observer_dlq_items_total' },
    },
    {
      id: 'checkpoint-age',
      name: 'Checkpoint age',
      unit: 'seconds',
      used: { metric: 'observer_checkpoint_age_seconds' },
    },
  ],
  'architect-api': database,
};

function limitOf(resource: string): Series {
  return {
    metric: 'kube_pod_container_resource_limits',
    matchers: [{ label: 'resource', op: '=', value: resource }],
  };
}

const idle = { environments: { staging: { low: '0%', reason: 'one small pod is meant to idle' } } };

/** What caches count, and limits other than those of guide 004. */
const caches: Partial<Record<AppService['id'], object>> = {
  'fraiseql-api': {
    hits: { metric: 'fraiseql_cache_hits_total' },
    misses: { metric: 'fraiseql_cache_misses_total' },
    target: '70%',
    warning: '70%',
    critical: '50%',
    reason: 'guide 002 alerts below 70 %, and most queries differ',
  },
  'architect-api': {
    hits: { metric: 'redis_keyspace_hits_total' },
    misses: { metric: 'redis_keyspace_misses_total' },
  },
};

/** Machines are shared: their series name the region alone. */
function slisOf(service: AppService): object {
  const cache = caches[service.id];
  const iowait: Series = {
    metric: 'node_cpu_seconds_total',
    matchers: [{ label: 'mode', op: '=', value: 'iowait' }],
  };
  return {
    cpu: idle,
    memory: idle,
    'disk-io-wait': { waited: iowait, all: { metric: 'node_cpu_seconds_total' }, scope: 'region' },
    ...(cache === undefined ? {} : { 'cache-hits': cache }),
  };
}

function failedSeries(service: AppService): Series {
  const { requests, failed } = families[service.id];
  if (failed) return { metric: failed };
  return { metric: requests, matchers: [{ label: 'status', op: '=~', value: '5..' }] };
}

/** Names of the routes that carry the weights and the x-canary header (TRF-01). */
const traffic = {
  service: { label: COLOUR_LABEL },
  'virtual-service': { route: 'primary', headerRoute: 'canary-header' },
  'http-route': { rule: 1, headerRule: 0 },
} as const;

function pairOf(service: AppService): object {
  const member = (part: Part) => ({
    deployment: deploymentOf(service, part),
    service: colourServiceOf(service, part),
  });
  return {
    blue: member('blue'),
    green: member('green'),
    ...(service.hasBaseline ? { baseline: member('baseline') } : {}),
    traffic: { kind: service.router, name: service.id, ...traffic[service.router] },
  };
}

function placementOf(placement: Placement): object {
  const { cluster, namespace, service } = placement;
  return {
    region: cluster.region,
    cluster: cluster.id,
    namespace,
    deployment: service.id,
    container: service.id,
    ...(hasPair(placement) ? { pair: pairOf(service) } : {}),
  };
}

/** Whose deploys may migrate a database: the observers read the one of the API. */
const migrations: Partial<Record<AppService['id'], object>> = {
  'fraiseql-api': { migration: { command: ['fraiseql', 'migrate', 'up'] } },
  'architect-api': { migration: { command: ['python', '-m', 'architect.migrate'], args: ['up'] } },
};

/** Who refuses requests when its ConfigMap says so. */
const maintained: readonly AppService['id'][] = ['architect-api', 'fraiseql-api'];

const maintenanceOf = ({ id }: AppService): object =>
  maintained.includes(id)
    ? { maintenance: { configMap: maintenanceName(id), ...MAINTENANCE, settle: '2s' } }
    : {};

function serviceConfig(service: AppService): object {
  const here = placements().filter((placement) => placement.service.id === service.id);
  const of = (environment: string) =>
    here.filter((placement) => placement.environment === environment).map(placementOf);
  const family = families[service.id];
  const selector: Matcher[] = [{ label: 'service', op: '=', value: service.id }];
  const repository = `https://git.example.com/${service.team}/${service.id}`;
  return {
    id: service.id,
    name: service.name,
    description: descriptions[service.id],
    owner: owners[service.team],
    tier: service.id === 'fraiseql-observers' ? 2 : 1,
    links: {
      runbook: `https://runbooks.example.com/${service.id}`,
      repository,
      iac: `https://git.example.com/platform/terraform/tree/main/${service.team}`,
      gitops: `https://argocd.example.com/applications/${service.id}`,
      registry: `https://registry.example.com/${service.team}/${service.id}`,
      dashboards: `https://grafana.example.com/d/${service.id}`,
      errors: `https://sentry.example.com/organizations/${service.team}/projects/${service.id}`,
    },
    image: imageOf(service),
    placements: { production: of('production'), staging: of('staging') },
    ...(migrations[service.id] ?? {}),
    ...maintenanceOf(service),
    metrics: {
      selector,
      requests: { total: { metric: family.requests }, failed: failedSeries(service) },
      latency: { buckets: { metric: `${family.duration}_bucket` } },
      gauges: [...containers, ...own[service.id]],
    },
    slis: slisOf(service),
    logs: { selector },
    alerts: { matchers: selector },
  };
}

/** The `services` part of signalbox.yaml: names, places and figures of the three services. */
export function demoServices(): object[] {
  return appServices.map(serviceConfig);
}
