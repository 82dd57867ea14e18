import path from 'node:path';
import { stringify } from 'yaml';
import { registryHost } from '../registry/catalogue';
import type { SandboxUrls } from '../start';
import { appServices, clusters } from '../topology';
import { type DemoCopies, databasesConfig, type UrlFile } from './databases';
import { demoServices } from './services';

/** Durations as signalbox.yaml writes them; `guard` and `strategies` may also hold numbers. */
export type DemoTiming = {
  timing: Record<string, string | string[]>;
  guard: Record<string, string | number>;
  /** `demoStrategies` when absent. */
  strategies?: Record<string, unknown>;
  /** How often copies are looked at again; as the configuration says by itself when absent. */
  backups?: Record<string, string>;
};

/** APR-01: the six who sign a deploy of the Architect Dashboard API. */
const sixLeads = [
  'cto',
  'engineering_lead',
  'devops_lead',
  'security_lead',
  'product_lead',
  'head_of_support',
];

/** Short enough to watch a whole change in minutes. */
export const demoTiming: DemoTiming = {
  timing: {
    planTtl: '10m',
    signOffTtl: '30m',
    queueTtl: '15m',
    lease: '15s',
    heartbeat: '2s',
    stopActing: '8s',
    callTimeout: '4s',
    resync: '3s',
    watch: '45s',
    watchTiers: ['1m', '3m', '10m', '30m'],
    watchCadence: '20s',
    maxHold: '10m',
    rolloutDeadline: '3m',
  },
  guard: { window: '1m', interval: '2s', minRequests: 50, maxErrorRatio: 0.05, grace: '40s' },
};

/**
 * A whole canary in minutes. `minRequests`: the least busy service behind weights has 8 requests a second, so at
 * 5 % and in the quietest hour (0.7 of the mean) its new version answers 0.28 of them, 8.4 in a hold of 30 s:
 * 5 or more in 9 holds of 10, and otherwise the hold goes on until they are there. FraiseQL API with 14 answers
 * 15 then. Nobody should trust 5 in earnest (rule of three: 300); the demo says that its timing is short.
 */
export const demoStrategies = {
  canary: [
    { weight: 5, hold: '30s' },
    { weight: 25, hold: '30s' },
  ],
  gradual: [
    { weight: 10, hold: '30s' },
    { weight: 50, hold: '30s' },
  ],
  minRequests: 5,
  minVerdict: 10,
  proveTimeout: '150s',
  shareTolerance: 0.6,
  drain: '10s',
  soak: '20s',
};

/**
 * The text of signalbox.yaml for the pretend production at `urls`. `dataDir` holds its kubeconfig files and
 * takes the published status page. Secrets are the URLs of databases, each in the file that `urlFile` names; without
 * it none is looked after, and without `copies` none is copied.
 */
export function demoConfig(
  urls: SandboxUrls,
  dataDir: string,
  demo: DemoTiming = demoTiming,
  urlFile?: UrlFile,
  copies?: DemoCopies,
): string {
  const kubeconfig = (account: string) => path.join(dataDir, `kubeconfig-${account}.yaml`);
  return stringify(
    {
      version: 1,
      name: 'Signalbox',
      notice: { text: 'Demo: a pretend production on this machine', embed: `${urls.control}/` },
      environments: [
        { id: 'production', name: 'Production' },
        { id: 'staging', name: 'Staging' },
      ],
      regions: clusters.map(({ region, regionName, role }) => ({ id: region, name: regionName, role })),
      clusters: clusters.map(({ id, region }) => ({
        id,
        region,
        web: { kubeconfig: kubeconfig('web'), context: id },
        worker: { kubeconfig: kubeconfig('worker'), context: id },
        timeout: '4s',
      })),
      sources: {
        prometheus: [{ id: 'prometheus', url: urls.prometheus, timeout: '4s', scrapeInterval: '5s' }],
        alertmanager: [{ id: 'alertmanager', url: urls.alertmanager, timeout: '4s' }],
        loki: [{ id: 'loki', url: urls.loki, timeout: '5s' }],
      },
      registries: [{ host: registryHost, url: urls.registry, timeout: '3s' }],
      services: demoServices(),
      databases: urlFile === undefined ? [] : databasesConfig(urlFile, copies),
      ...(copies === undefined
        ? {}
        : {
            backups: { tools: copies.tools, ...demo.backups },
            // The log in quarters of an hour, so that a chain is to be seen while somebody looks.
            archives: { folder: path.join(dataDir, 'archives'), audit: { cron: '*/15 * * * *' } },
          }),
      slos: appServices.map(({ id, name }) => ({
        id: `${id}-availability`,
        service: id,
        name: `${name} availability`,
        objective: '99.95',
        window: '30d',
      })),
      policies: [
        {
          id: 'architect-production',
          match: { actions: ['deploy'], environments: ['production'], services: ['architect-api'] },
          signOffs: sixLeads,
          // A demo is started anew all the time: until its past is recorded nobody knows the budget.
          budget: { levels: [{ below: '0', refuse: true }], unknown: 'allow' },
        },
        {
          id: 'backups',
          match: { actions: ['backup'], environments: ['production'] },
          signOffs: ['engineering_lead'],
          reasonMinLength: 10,
        },
        {
          id: 'sessions',
          match: { actions: ['end-session'], environments: ['production'] },
          signOffs: ['devops_lead'],
          reasonMinLength: 10,
        },
        {
          // What it loses cannot be brought back by anybody later: four people, each in a role of their own.
          id: 'restores',
          match: { actions: ['restore'], environments: ['production'] },
          signOffs: ['engineering_lead', 'devops_lead', 'security_lead', 'cto'],
        },
        {
          id: 'production',
          match: { environments: ['production'] },
          signOffs: ['engineering_lead', 'devops_lead'],
          budget: {
            levels: [
              { below: '25', signOffs: ['cto'] },
              { below: '0', refuse: true },
            ],
            unknown: 'allow',
          },
        },
        {
          // Staging has no recorded past: here it can be seen what an unknown budget does.
          id: 'architect-staging',
          match: { actions: ['deploy'], environments: ['staging'], services: ['architect-api'] },
          signOffs: ['engineering_lead'],
          reasonMinLength: 10,
          budget: { levels: [{ below: '25', signOffs: ['devops_lead'] }] },
        },
        { id: 'everything-else', match: {}, signOffs: ['engineering_lead'], reasonMinLength: 10 },
      ],
      timing: { demo: true, ...demo.timing },
      guard: demo.guard,
      strategies: demo.strategies ?? demoStrategies,
      reports: { grace: '1m' },
      status: {
        title: 'FraiseQL and Architect status',
        directory: path.join(dataDir, 'status'),
        environment: 'production',
      },
    },
    { lineWidth: 0 },
  );
}
