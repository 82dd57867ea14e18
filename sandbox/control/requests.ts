import { z } from 'zod';
import { FaultRule as LokiFaultRule } from '../loki/faults';
import { RegistryFault } from '../registry/server';
import { scenarioNames } from '../scenarios/names';
import { clusterIds } from '../topology';
import { jobFates } from '../workload/job-processes';

export const ClusterName = z.enum(clusterIds);

/** How the containers of Jobs that make copies fare from now on. */
export const SetJobFate = z.strictObject({ cluster: ClusterName, fate: z.enum(jobFates) });

/** The certificate of a service's public address ends so many days from now; one that has ended below 0. */
export const EndCertificate = z.strictObject({
  service: z.string(),
  cluster: ClusterName.exactOptional().describe('In all clusters when absent'),
  environment: z.enum(['production', 'staging']).default('production'),
  days: z.number().min(-3650).max(3650),
});

/** The API server of a cluster is upgraded, or put back. */
export const SetRelease = z.strictObject({
  cluster: ClusterName,
  release: z.string().regex(/^\d+\.\d+$/, 'must be a release such as 1.37'),
});

/** Somebody deletes a Job, and its pods go with it. */
export const DeleteJob = z.strictObject({ cluster: ClusterName, namespace: z.string(), name: z.string() });

export const SetScenario = z.strictObject({ name: z.enum(scenarioNames) });

export const KillPod = z.strictObject({ cluster: ClusterName, namespace: z.string(), name: z.string() });

/** At most what one node pool of the largest test holds. */
export const BulkPods = z.strictObject({
  cluster: ClusterName,
  namespace: z.string().default('bulk'),
  count: z.int().min(1).max(20_000),
});

const KubernetesAction = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('delay'), ms: z.number().min(0) }),
  z.strictObject({ kind: z.literal('cut'), when: z.enum(['before-commit', 'after-commit']) }),
  z.strictObject({ kind: z.literal('duplicate') }),
  z.strictObject({ kind: z.literal('too-many-requests') }),
  z.strictObject({
    kind: z.literal('status'),
    code: z.int().min(400).max(599),
    reason: z.string().exactOptional(),
    message: z.string().exactOptional(),
  }),
  z.strictObject({ kind: z.literal('drop-watch'), clean: z.boolean(), afterMs: z.number().exactOptional() }),
  z.strictObject({ kind: z.literal('expire-watch') }),
  z.strictObject({
    kind: z.literal('freeze-writes'),
    waitMs: z.number().min(0),
    applied: z.boolean().exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('withdraw-right'),
    subject: z.union([z.strictObject({ account: z.string() }), z.strictObject({ group: z.string() })]),
    verb: z.string(),
    resource: z.string(),
  }),
]);

const ProxyRule = z.strictObject({
  refuse: z.boolean().exactOptional(),
  delayMs: z.number().min(0).max(600_000).exactOptional(),
  cutAfterBytes: z.int().min(0).exactOptional(),
});

/** A fault for one of the servers; each takes the rules of its own kind. */
export const AddFault = z.discriminatedUnion('target', [
  z.strictObject({
    target: z.literal('kubernetes'),
    cluster: ClusterName,
    rule: z.strictObject({
      method: z.string().exactOptional(),
      path: z.string().exactOptional(),
      account: z.string().exactOptional(),
      userAgent: z.string().exactOptional(),
      count: z.int().positive().exactOptional(),
      action: KubernetesAction,
    }),
  }),
  z.strictObject({ target: z.literal('loki'), rule: LokiFaultRule }),
  z.strictObject({ target: z.literal('prometheus'), rule: ProxyRule }),
  z.strictObject({ target: z.literal('alertmanager'), rule: ProxyRule }),
  z.strictObject({ target: z.literal('registry'), rule: RegistryFault }),
]);

/** Without an id all faults of the target go. */
export const RemoveFault = z.discriminatedUnion('target', [
  z.strictObject({ target: z.literal('kubernetes'), cluster: ClusterName, id: z.string().optional() }),
  z.strictObject({ target: z.literal('loki'), id: z.string().optional() }),
  z.strictObject({ target: z.literal('prometheus') }),
  z.strictObject({ target: z.literal('alertmanager') }),
  z.strictObject({ target: z.literal('registry') }),
]);

const Repository = z.string().describe('As fraiseql/fraiseql-api');

export const RepositoryParameters = z.strictObject({ repository: Repository });

/** Without a digest another build is pushed under the tag. */
export const PointTag = z.strictObject({
  repository: Repository,
  tag: z.string().min(1),
  digest: z.string().exactOptional(),
});

export const DropTag = z.strictObject({ repository: Repository, tag: z.string().min(1) });

export const DropManifest = z.strictObject({ repository: Repository, digest: z.string().min(1) });

/** Argo CD for one service: what it keeps as git has it, and what it leaves alone. */
export const StartApplication = z.strictObject({
  cluster: ClusterName,
  service: z.string(),
  manages: z
    .array(z.enum(['router', 'deployments']))
    .min(1)
    .default(['router']),
  selfHeal: z.boolean().default(true),
  ignoreDifferences: z
    .array(
      z.strictObject({
        kind: z.string(),
        name: z.string().exactOptional(),
        jsonPointers: z.array(z.string()).exactOptional(),
        jqPathExpressions: z.array(z.string()).exactOptional(),
      }),
    )
    .default([]),
  respectIgnoreDifferences: z.boolean().default(false),
});

export const StopApplication = z.strictObject({ cluster: ClusterName, service: z.string() });

/** A merge patch by somebody else, as `kubectl edit` sends one. */
export const EditObject = z.strictObject({
  cluster: ClusterName,
  path: z
    .string()
    .regex(/^\/apis?\/[^?#]*$/)
    .describe('Of the object at the API server, without a query'),
  patch: z.record(z.string(), z.json()),
  manager: z.string().min(1).max(128).default('kubectl-edit'),
});

const Seconds = z.coerce.number().min(0);

/** Times in epoch seconds; `detail=1` adds the rows of each second. */
export const LedgerParameters = z.strictObject({
  service: z.string().exactOptional(),
  cluster: z.string().exactOptional(),
  namespace: z.string().exactOptional(),
  version: z.string().exactOptional(),
  pod: z.string().exactOptional(),
  from: Seconds.exactOptional(),
  to: Seconds.exactOptional(),
  detail: z.enum(['0', '1']).default('0'),
});

export const WritesParameters = z.strictObject({
  cluster: ClusterName,
  since: z.coerce.number().int().min(0).default(0),
});
