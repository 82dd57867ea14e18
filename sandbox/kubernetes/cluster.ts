import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import path from 'node:path';
import { z } from 'zod';
import { serverCertificate } from './access/certificates';
import { type Account, type AccountName, loadAccounts } from './access/identity';
import { installRoles } from './access/install';
import { authorize } from './access/rbac';
import type { ApiContext, LogReader, Timing } from './api/context';
import { handle, type ServerParts } from './api/server';
import { SERVER_VERSION, versionOf } from './api/version';
import { WatchHub, watchExpired } from './api/watch-hub';
import { type ActiveFault, FaultTable, matches } from './faults';
import type { KubeconfigPart } from './kubeconfig';
import { ObjectStore } from './object-store';
import { RESOURCES } from './resources';
import { applyDefaults } from './schema/defaults';
import { withJobIdentity } from './schema/job-identity';
import type { Store } from './store';
import { WriteLog } from './write-log';

export type ClusterOptions = {
  id: string;
  /** 0 picks a free port; a port that is taken rejects with EADDRINUSE. */
  port: number;
  /** Keeps CA, tokens, the uid of kube-system and the snapshot of the objects. */
  dataDir: string;
  /** Manifests with the roles; deploy/kubernetes of this repository by default. */
  rolesDir?: string;
  now?: () => number;
  timing?: Partial<Timing>;
  /** Sign-ins besides the three of every cluster, for tests. */
  accounts?: Account[];
  /** Events kept per resource for watches that start in the past. */
  historyLength?: number;
};

export type Cluster = {
  id: string;
  /** https://127.0.0.1:PORT */
  url: string;
  caFile: string;
  store: Store;
  kubeconfigFor(account: AccountName): KubeconfigPart;
  writeLog: WriteLog;
  faults: FaultTable;
  /** Where pods/log comes from; without one, logs are empty. */
  setLogReader(reader: LogReader): void;
  /** How many watches are open now. */
  openWatches(): number;
  /** The release that /version tells from now on, as after an upgrade: "1.37". A restart forgets it. */
  setRelease(release: string): void;
  /** Ends or cuts every open watch (an API server that goes away). */
  dropWatches(how: 'end' | 'cut'): void;
  /** Makes every resourceVersion so far 410 for watches, as after a restart of the API server. */
  forgetHistory(): void;
  /** Writes the objects to dataDir; the next start reads them. */
  save(): Promise<void>;
  stop(): Promise<void>;
};

const DEFAULT_ROLES = path.join(import.meta.dirname, '..', '..', 'deploy', 'kubernetes');
const DEFAULT_TIMING: Timing = { futureResourceVersionMs: 3000, bookmarkMs: 60_000 };
const IDLE_MS = 120_000;
const SYSTEM_NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system', 'signalbox'];

/** Starts an API server with TLS on loopback over its own object store. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const now = options.now ?? Date.now;
  await mkdir(options.dataDir, { recursive: true });
  const store = newStore(options, now);
  const snapshotFile = path.join(options.dataDir, 'objects.json');
  if (existsSync(snapshotFile)) store.restore(await readFile(snapshotFile, 'utf8'));
  await ensureNamespaces(store, options.dataDir);
  await installRoles(store, options.rolesDir ?? DEFAULT_ROLES);
  const certificate = await serverCertificate(options.dataDir, options.id);
  const accounts = [...(await loadAccounts(options.dataDir)), ...(options.accounts ?? [])];
  const watches = new WatchHub(store);
  const faults = new FaultTable((rule) => actOnOpenWatches(watches, rule));
  const state: ServerState = { url: '', logReader: null };
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const ctx = contextOf({
    store,
    watches,
    timing,
    now,
    state,
    authorize: authorizer(store, accounts, faults),
  });
  const parts: ServerParts = { ctx, accounts, faults, writeLog: new WriteLog() };
  const server = createServer({ cert: certificate.cert, key: certificate.key }, (message, response) => {
    handle(parts, message, response).catch(() => response.destroy());
  });
  // Longer than clients keep idle connections, so that none is reused in the moment it is closed.
  server.keepAliveTimeout = IDLE_MS;
  state.url = `https://127.0.0.1:${await listen(server, options.port)}`;
  const ca = await readFile(certificate.caFile);
  return {
    id: options.id,
    url: state.url,
    caFile: certificate.caFile,
    store,
    writeLog: parts.writeLog,
    faults,
    kubeconfigFor: (account) => ({
      cluster: {
        name: options.id,
        cluster: { server: state.url, 'certificate-authority-data': ca.toString('base64') },
      },
      user: { name: `${options.id}-${account}`, user: { token: tokenOf(accounts, account) } },
    }),
    setLogReader: (reader) => {
      state.logReader = reader;
    },
    setRelease: (release) => {
      ctx.version = versionOf(release);
    },
    openWatches: () => watches.size,
    dropWatches: (how) => {
      for (const watch of watches.matching(() => true)) how === 'end' ? watch.end() : watch.abort();
    },
    forgetHistory: () => store.forgetHistory(),
    save: () => save(store, snapshotFile),
    stop: () => stop(server, watches),
  };
}

/** What is set after the server was made: its address, and where pod logs come from. */
type ServerState = { url: string; logReader: LogReader | null };

type ContextParts = Pick<ApiContext, 'store' | 'watches' | 'timing' | 'now' | 'authorize'> & {
  state: ServerState;
};

function contextOf({ state, ...parts }: ContextParts): ApiContext {
  return { ...parts, url: () => state.url, logReader: () => state.logReader, version: SERVER_VERSION };
}

/** The roles decide, less the rights that a fault rule withdraws. */
function authorizer(store: Store, accounts: Account[], faults: FaultTable): ApiContext['authorize'] {
  return (identity, attributes) => {
    const account =
      accounts.find((candidate) => candidate.identity.user === identity.user)?.account ?? identity.user;
    const { resource, subresource, verb } = attributes;
    const full = subresource === null ? resource : `${resource}/${subresource}`;
    if (faults.withdrawn({ account, groups: identity.groups }, verb, full))
      return { allowed: false, reason: '' };
    return authorize(store, identity, attributes);
  };
}

/** Written beside and renamed: a run that is killed here keeps the snapshot before. */
async function save(store: ObjectStore, file: string): Promise<void> {
  await writeFile(`${file}.new`, store.snapshot());
  await rename(`${file}.new`, file);
}

function newStore(options: ClusterOptions, now: () => number): ObjectStore {
  const { historyLength } = options;
  return new ObjectStore({
    now,
    ...(historyLength === undefined ? {} : { historyLength }),
    prepare: (resource, object) => {
      const type = RESOURCES.find((candidate) => candidate.id === resource);
      if (!type) return object;
      const complete = applyDefaults(type, object);
      return type.kind === 'Job' ? withJobIdentity(complete) : complete;
    },
  });
}

function tokenOf(accounts: Account[], name: AccountName): string {
  const account = accounts.find((candidate) => candidate.account === name);
  if (!account) throw new Error(`The cluster has no account ${name}.`);
  return account.token;
}

/** Fault rules about watches act on those that are open already. */
function actOnOpenWatches(watches: WatchHub, rule: ActiveFault): void {
  const { action } = rule;
  if (action.kind !== 'drop-watch' && action.kind !== 'expire-watch') return;
  const open = watches.matching((spec) =>
    matches(rule, { method: 'GET', path: spec.path, account: spec.account }),
  );
  for (const watch of open.slice(0, rule.count ?? open.length)) {
    rule.hits += 1;
    if (action.kind === 'expire-watch')
      watch.fail(watchExpired(watch.spec.resource, watch.spec.after, watch.spec.after + 1));
    else if (action.clean) watch.end();
    else watch.abort();
  }
}

const identitySchema = z.object({ kubeSystemUid: z.uuid() });

/** The namespaces of every cluster; the uid of kube-system identifies it and outlives a lost snapshot. */
async function ensureNamespaces(store: ObjectStore, dataDir: string): Promise<void> {
  const file = path.join(dataDir, 'cluster.json');
  const kept = existsSync(file)
    ? identitySchema.parse(JSON.parse(await readFile(file, 'utf8')))
    : { kubeSystemUid: randomUUID() };
  await writeFile(file, JSON.stringify(kept));
  for (const name of SYSTEM_NAMESPACES) {
    if (store.get('namespaces', null, name)) continue;
    const labels = { 'kubernetes.io/metadata.name': name };
    const metadata = { name, labels, ...(name === 'kube-system' ? { uid: kept.kubeSystemUid } : {}) };
    const spec = { finalizers: ['kubernetes'] };
    store.create('namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata,
      spec,
      status: { phase: 'Active' },
    });
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

async function stop(server: Server, watches: WatchHub): Promise<void> {
  watches.endAll();
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
