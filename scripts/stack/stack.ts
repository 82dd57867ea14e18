import fs from 'node:fs';
import path from 'node:path';
import type { DemoCopies, UrlFile } from '@/sandbox/demo/databases';
import { type DemoTiming, demoConfig } from '@/sandbox/demo/signalbox.yaml';
import { monitoringPrograms } from '../binaries/monitoring';
import { buildAll } from '../build/build';
import { migrate } from '../migrate/apply';
import { dataFolder } from '../postgres/placement';
import { stateRoot } from '../setup/root';
import { UserError } from '../setup/user-error';
import { addDemoAccounts, keptSecret } from './accounts';
import { startDatabase } from './databases';
import { type Death, Part, type Running } from './part';
import type { StackPorts } from './ports';
import { type ConsoleEnvironment, startWeb, startWorker } from './programs';
import { type SandboxReady, startSandbox } from './sandbox';
import { backupJobOf, prepareCopies } from './service-copies';
import { asServices, prepareServiceDatabases, serviceDatabases } from './service-databases';

export type StackOptions = {
  /** Its state lies in .signalbox/<name>: `demo`, `e2e`, `bench`. */
  name: string;
  ports: StackPorts;
  /** Whether the pretend production gets 30 days of history. */
  history: boolean;
  /** Whether databases of the services are copied; it costs some seconds of both cores after the start. */
  copies?: boolean;
  /** Throw away what an earlier run of the same name kept. */
  reset: boolean;
  /** A database server of one's own for the console, instead of the embedded one. */
  databaseUrl?: string;
  /** False: the databases are fast and lost after a power cut. */
  durable?: boolean;
  /** Durations of holds, watches and leases; short ones when absent. */
  timing?: DemoTiming;
  /** More environment for web and worker. */
  env?: Record<string, string>;
  progress?: (line: string) => void;
  onDeath?: (death: Death) => void;
  /** Ends the start: what runs by then is stopped, and startStack rejects. */
  signal?: AbortSignal;
};

export type Stack = {
  folder: string;
  urls: { web: string; worker: string; sandboxControl: string };
  databaseUrl: string;
  configFile: string;
  /** Of every account in accounts.ts. */
  password: string;
  /** Everything that the pretend production said about itself. */
  sandbox: SandboxReady;
  parts: { database: Part | undefined; web: Part; worker: Part; sandbox: Part };
  pids: () => Record<string, number>;
  stop: () => Promise<void>;
};

export const stackFolder = (name: string): string => path.join(stateRoot, name);

/** Removes everything that a stack of this name kept, its databases included. */
export function resetStack(name: string): void {
  const folder = stackFolder(name);
  for (const database of ['console', 'us-east-1', 'eu-west-1']) {
    fs.rmSync(dataFolder(path.join(folder, database)), { recursive: true, force: true });
  }
  fs.rmSync(folder, { recursive: true, force: true });
}

/**
 * Starts everything on loopback: databases, pretend production, web and worker, built and migrated, and waits until
 * all of it is ready. When something does not come up, what was started is stopped again and the error says what.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  if (options.reset) resetStack(options.name);
  const starting = new Starting(options);
  const aborted = new Promise<never>((_, reject) => {
    options.signal?.addEventListener('abort', () => reject(new UserError('The start was stopped.')), {
      once: true,
    });
  });
  try {
    return await Promise.race([starting.run(), aborted]);
  } catch (error) {
    await starting.stop();
    throw error;
  }
}

/** The start, step by step; knows what to stop when a later step fails. */
class Starting {
  readonly #options: StackOptions;
  readonly #folder: string;
  readonly #logs: string;
  readonly #parts: Part[] = [];

  constructor(options: StackOptions) {
    this.#options = options;
    this.#folder = stackFolder(options.name);
    this.#logs = path.join(this.#folder, 'logs');
  }

  async run(): Promise<Stack> {
    const { ports, progress = () => {} } = this.#options;
    fs.mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const database = await this.#consoleDatabase();
    const [primary, secondary] = await Promise.all([
      this.#serviceDatabase('us-east-1', ports.primaryDatabase),
      this.#serviceDatabase('eu-west-1', ports.secondaryDatabase),
    ]);
    progress('Databases are running.');
    const applied = await migrate(database.url);
    if (applied.length > 0) progress(`Database migrated (${applied.length} new).`);
    const servers = { 'us-east-1': primary, 'eu-west-1': secondary };
    const urlFile = await prepareServiceDatabases(this.#folder, servers);
    const copies =
      this.#options.copies === true
        ? await prepareCopies(this.#folder, servers, (name) =>
            progress(`Fetching Debian's package ${name} …`),
          )
        : undefined;
    const webUrl = `http://127.0.0.1:${ports.web}`;
    const workerUrl = `http://127.0.0.1:${ports.worker}`;
    const [sandbox] = await Promise.all([
      this.#sandbox(asServices(this.#folder, servers), copies),
      this.#build(),
    ]);
    const environment: ConsoleEnvironment = {
      configFile: this.#config(sandbox.ready, urlFile, copies),
      databaseUrl: database.url,
      secret: keptSecret(this.#folder, 'session.secret', 32),
      webUrl,
      logs: this.#logs,
      ...(this.#options.env ? { extra: this.#options.env } : {}),
    };
    const password = await this.#accounts(environment);
    const [web, worker] = await Promise.all([
      this.#part('web', () => startWeb(environment, ports.web)),
      this.#part('worker', () => startWorker(environment, ports.worker)),
    ]);
    progress('Web and worker are ready.');
    return {
      folder: this.#folder,
      urls: { web: webUrl, worker: workerUrl, sandboxControl: sandbox.ready.urls.control },
      databaseUrl: database.url,
      configFile: environment.configFile,
      password,
      sandbox: sandbox.ready,
      parts: { database: database.part, web, worker, sandbox: sandbox.part },
      pids: () =>
        Object.fromEntries(this.#parts.flatMap(({ name, pid }) => (pid === undefined ? [] : [[name, pid]]))),
      stop: () => this.stop(),
    };
  }

  /** Clients before servers: web and worker, the pretend production, the databases. */
  async stop(): Promise<void> {
    const stopAll = (names: string[]) =>
      Promise.all(this.#parts.filter((part) => names.includes(part.name)).map((part) => part.stop()));
    await stopAll(['web', 'worker']);
    await stopAll(['sandbox']);
    await stopAll(this.#parts.map((part) => part.name));
  }

  async #part(name: string, launch: () => Promise<Running>): Promise<Part> {
    const part = new Part(name, launch, (death) => this.#options.onDeath?.(death));
    this.#parts.push(part);
    this.#options.signal?.throwIfAborted();
    await part.start();
    if (this.#options.signal?.aborted) await part.stop();
    this.#options.signal?.throwIfAborted();
    return part;
  }

  async #consoleDatabase(): Promise<{ url: string; part: Part | undefined }> {
    const { databaseUrl, ports, durable = true } = this.#options;
    if (databaseUrl) return { url: databaseUrl, part: undefined };
    return this.#database('console', 18, ports.database, ['signalbox'], durable);
  }

  async #serviceDatabase(cluster: string, port: number): Promise<string> {
    const { names, settings } = serviceDatabases;
    return (await this.#database(cluster, 15, port, names, false, settings)).url;
  }

  async #database(
    name: string,
    version: 15 | 18,
    port: number,
    databases: readonly [string, ...string[]],
    durable: boolean,
    settings: Record<string, string> = {},
  ) {
    let url = '';
    const part = await this.#part(`database ${name}`, async () => {
      const options = { folder: this.#folder, name, version, port, durable, settings };
      const running = await startDatabase({ ...options, databases });
      url = running.url;
      return running;
    });
    return { url, part };
  }

  async #sandbox(databases: Record<string, string>, copies: DemoCopies | undefined) {
    const { ports, history, progress = () => {} } = this.#options;
    const programs = await monitoringPrograms((name) => progress(`Fetching Debian's package ${name} …`));
    let ready: SandboxReady | undefined;
    progress(
      history ? 'Pretend production: starting, with 30 days of history …' : 'Pretend production: starting …',
    );
    const part = await this.#part('sandbox', async () => {
      const folder = path.join(this.#folder, 'sandbox');
      const common = { folder, logs: this.#logs, portBase: ports.sandbox, history, programs, databases };
      const backupJob = copies === undefined ? undefined : backupJobOf(copies);
      const started = await startSandbox({
        ...common,
        ...(backupJob === undefined ? {} : { backupJob }),
        progress: (line) => progress(`Pretend production: ${line}`),
      });
      ready = started.ready;
      return started.child;
    });
    if (!ready) throw new Error('The pretend production started without a ready line.');
    progress('Pretend production is running.');
    return { part, ready };
  }

  /** signalbox.yaml of this production; written at each start, since its addresses may have changed. */
  #config({ urls, kubeconfigs }: SandboxReady, urlFile: UrlFile, copies: DemoCopies | undefined): string {
    const file = path.join(this.#folder, 'signalbox.yaml');
    const { timing } = this.#options;
    fs.writeFileSync(file, demoConfig(urls, path.dirname(kubeconfigs.web), timing, urlFile, copies));
    return file;
  }

  async #build(): Promise<void> {
    const { progress = () => {} } = this.#options;
    const startedAt = performance.now();
    progress('Building where sources changed …');
    if (await buildAll()) progress(`Built in ${Math.round((performance.now() - startedAt) / 1000)} s.`);
  }

  /** Once per folder: a second run keeps accounts as people changed them. */
  async #accounts(environment: ConsoleEnvironment): Promise<string> {
    const password = keptSecret(this.#folder, 'accounts.password', 9);
    const done = path.join(this.#folder, 'accounts.done');
    if (fs.existsSync(done)) return password;
    await addDemoAccounts(environment, password);
    fs.writeFileSync(done, '');
    this.#options.progress?.('Demo accounts made.');
    return password;
  }
}
