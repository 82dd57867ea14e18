import type { Applications } from '../gitops/applications';
import { writeAsAdmin } from '../kubernetes/admin-write';
import type { Cluster } from '../kubernetes/cluster';
import type { Controllers } from '../kubernetes/controllers/start';
import type { Loki } from '../loki/server';
import type { TcpProxy } from '../prometheus/proxy';
import type { RegistryServer } from '../registry/server';
import type { Director } from '../scenarios/director';
import { scenarioNames } from '../scenarios/names';
import { findService, placements } from '../topology';
import type { JobProcesses } from '../workload/job-processes';
import type { Ledger } from '../workload/ledger';
import { type Certificates, probedAt } from '../workload/probes';
import { createBulkPods, removeBulkPods } from './bulk-pods';
import {
  AddFault,
  BulkPods,
  DeleteJob,
  DropManifest,
  DropTag,
  EditObject,
  EndCertificate,
  KillPod,
  LedgerParameters,
  PointTag,
  RemoveFault,
  RepositoryParameters,
  SetJobFate,
  SetRelease,
  SetScenario,
  StartApplication,
  StopApplication,
  WritesParameters,
} from './requests';

/** What the control port may look at and move. */
export type Controlled = {
  director: Director;
  clusters: readonly { cluster: Cluster; controllers: Controllers; jobs?: JobProcesses | null }[];
  loki: Loki;
  registry: RegistryServer;
  applications: Applications;
  proxies: { prometheus: TcpProxy; alertmanager: TcpProxy };
  ledger: Ledger;
  certificates: Certificates;
};

/** An answer of 404 or 400 with a sentence. */
export class ControlError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type Query = Record<string, string>;
type Handler = (controlled: Controlled, query: Query, body: unknown) => unknown;

function find(controlled: Controlled, id: string): Controlled['clusters'][number] {
  const found = controlled.clusters.find(({ cluster }) => cluster.id === id);
  if (!found) throw new ControlError(404, `There is no cluster ${id} here.`);
  return found;
}

async function setScenario({ director }: Controlled, _query: Query, body: unknown): Promise<unknown> {
  await director.set(SetScenario.parse(body).name);
  return { name: director.current };
}

function readLedger({ ledger }: Controlled, query: Query): unknown {
  const { detail, ...filter } = LedgerParameters.parse(query);
  const totals = ledger.totals(filter);
  return detail === '1' ? { totals, rows: ledger.rows(filter) } : { totals };
}

function killPod(controlled: Controlled, _query: Query, body: unknown): unknown {
  const { cluster, namespace, name } = KillPod.parse(body);
  if (find(controlled, cluster).controllers.killPod(namespace, name)) return { killed: true };
  throw new ControlError(404, `No container runs in pod ${namespace}/${name} of ${cluster}.`);
}

function setJobFate(controlled: Controlled, _query: Query, body: unknown): unknown {
  const { cluster, fate } = SetJobFate.parse(body);
  const { jobs } = find(controlled, cluster);
  if (!jobs) throw new ControlError(404, `No Jobs of ${cluster} make copies.`);
  jobs.fate = fate;
  return { fate: jobs.fate };
}

function endCertificate({ certificates }: Controlled, _query: Query, body: unknown): unknown {
  const { service, cluster, environment, days } = EndCertificate.parse(body);
  const named = placements()
    .map(probedAt)
    .filter((one) => one.service === service && one.environment === environment)
    .filter((one) => cluster === undefined || one.cluster === cluster);
  if (named.length === 0) throw new ControlError(404, `There is no service ${service} there.`);
  const endsAt = Math.floor(Date.now() / 1000 + days * 86_400);
  for (const one of named) certificates.set(one, endsAt);
  return { endsAt: new Date(endsAt * 1000).toISOString(), addresses: named.length };
}

function renewCertificates({ certificates }: Controlled): unknown {
  certificates.clear();
  return { renewed: true };
}

function setRelease(controlled: Controlled, _query: Query, body: unknown): unknown {
  const { cluster, release } = SetRelease.parse(body);
  find(controlled, cluster).cluster.setRelease(release);
  return { release };
}

function deleteJob(controlled: Controlled, _query: Query, body: unknown): unknown {
  const { cluster, namespace, name } = DeleteJob.parse(body);
  const { store } = find(controlled, cluster).cluster;
  if (!store.get('jobs.batch', namespace, name))
    throw new ControlError(404, `There is no Job ${namespace}/${name} in ${cluster}.`);
  store.remove('jobs.batch', namespace, name);
  return { deleted: true };
}

function addBulkPods(controlled: Controlled, _query: Query, body: unknown): unknown {
  const { cluster, namespace, count } = BulkPods.parse(body);
  createBulkPods(find(controlled, cluster).cluster.store, namespace, count);
  return { count };
}

function dropBulkPods(controlled: Controlled, _query: Query, body: unknown): unknown {
  const { cluster, namespace } = BulkPods.partial({ count: true }).parse(body);
  return { count: removeBulkPods(find(controlled, cluster).cluster.store, namespace) };
}

async function addFault(controlled: Controlled, _query: Query, body: unknown): Promise<unknown> {
  const fault = AddFault.parse(body);
  if (fault.target === 'kubernetes') {
    return { id: find(controlled, fault.cluster).cluster.faults.add(fault.rule) };
  }
  if (fault.target === 'loki') return { id: controlled.loki.faults.add(fault.rule) };
  if (fault.target === 'registry') controlled.registry.setFault(fault.rule);
  else await controlled.proxies[fault.target].setFault(fault.rule);
  return { id: fault.target };
}

async function removeFault(controlled: Controlled, _query: Query, body: unknown): Promise<unknown> {
  const fault = RemoveFault.parse(body);
  if (fault.target === 'kubernetes') {
    const { faults } = find(controlled, fault.cluster).cluster;
    if (fault.id !== undefined) return { removed: faults.remove(fault.id) ? 1 : 0 };
    const removed = faults.list().length;
    faults.clear();
    return { removed };
  }
  if (fault.target === 'loki') {
    const { faults } = controlled.loki;
    const ids = fault.id === undefined ? faults.list().map(({ id }) => id) : [fault.id];
    return { removed: ids.filter((id) => faults.remove(id)).length };
  }
  if (fault.target === 'registry') controlled.registry.setFault({});
  else await controlled.proxies[fault.target].setFault({});
  return { removed: 1 };
}

function listFaults({ clusters, loki, registry, proxies }: Controlled): unknown {
  return {
    kubernetes: Object.fromEntries(clusters.map(({ cluster }) => [cluster.id, cluster.faults.list()])),
    loki: loki.faults.list(),
    registry: registry.fault,
    prometheus: proxies.prometheus.fault,
    alertmanager: proxies.alertmanager.fault,
  };
}

function pointTag({ registry }: Controlled, _query: Query, body: unknown): unknown {
  const { repository, tag, digest } = PointTag.parse(body);
  const { store } = registry;
  const now = digest === undefined ? store.rebuild(repository, tag) : store.point(repository, tag, digest);
  if (now === null) throw new ControlError(404, `There is no ${digest ?? 'repository'} in ${repository}.`);
  return { digest: now };
}

function dropTag({ registry }: Controlled, _query: Query, body: unknown): unknown {
  const { repository, tag } = DropTag.parse(body);
  if (registry.store.untag(repository, tag)) return { removed: true };
  throw new ControlError(404, `There is no tag ${tag} in ${repository}.`);
}

function dropManifest({ registry }: Controlled, _query: Query, body: unknown): unknown {
  const { repository, digest } = DropManifest.parse(body);
  if (registry.store.delete(repository, digest)) return { removed: true };
  throw new ControlError(404, `There is no ${digest} in ${repository}.`);
}

async function startApplication(controlled: Controlled, _query: Query, body: unknown): Promise<unknown> {
  const { cluster, ...asked } = StartApplication.parse(body);
  if (!findService(asked.service)) throw new ControlError(404, `There is no service ${asked.service} here.`);
  return controlled.applications.start(find(controlled, cluster).cluster, asked);
}

function stopApplication(controlled: Controlled, _query: Query, body: unknown): unknown {
  const { cluster, service } = StopApplication.parse(body);
  return { stopped: controlled.applications.stop(find(controlled, cluster).cluster, service) };
}

async function editObject(controlled: Controlled, _query: Query, body: unknown): Promise<unknown> {
  const { cluster, path, patch, manager } = EditObject.parse(body);
  const edit = { path, patch, manager, userAgent: 'kubectl/v1.36.4 (linux/amd64)' };
  return writeAsAdmin(find(controlled, cluster).cluster, edit);
}

/** Evidence and control; the console knows nothing of it. */
export const routes: Record<string, Handler> = {
  'GET /scenario': ({ director }) => ({ name: director.current, names: scenarioNames }),
  'POST /scenario': setScenario,
  'GET /writes': (controlled, query) => {
    const { cluster, since } = WritesParameters.parse(query);
    return { entries: find(controlled, cluster).cluster.writeLog.since(since) };
  },
  'GET /ledger': readLedger,
  'GET /faults': listFaults,
  'POST /faults': addFault,
  'DELETE /faults': removeFault,
  'POST /pods/kill': killPod,
  'POST /jobs/fate': setJobFate,
  'DELETE /jobs': deleteJob,
  'POST /clusters/release': setRelease,
  'POST /certificates': endCertificate,
  'DELETE /certificates': renewCertificates,
  'GET /registry/tags': ({ registry }, query) => {
    const { repository } = RepositoryParameters.parse(query);
    return { tags: Object.fromEntries(registry.store.tags(repository)) };
  },
  'POST /registry/tags': pointTag,
  'DELETE /registry/tags': dropTag,
  'DELETE /registry/manifests': dropManifest,
  'GET /applications': ({ applications }) => ({ applications: applications.list() }),
  'POST /applications': startApplication,
  'DELETE /applications': stopApplication,
  'POST /edits': editObject,
  'POST /bulk-pods': addBulkPods,
  'DELETE /bulk-pods': dropBulkPods,
};
