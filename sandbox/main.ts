import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { scenarioNames } from './scenarios/names';
import { type Sandbox, type SandboxOptions, type SandboxPorts, startSandbox } from './start';

const usage = `Usage:
  sandbox/main.ts [--data DIR] [--port-base N | --ports JSON] [--seed N] [--no-history]
  sandbox/main.ts scenario NAME --control URL

Names of scenarios: ${scenarioNames.join(', ')}.
Programs: SANDBOX_PROMETHEUS, SANDBOX_PROMTOOL, SANDBOX_ALERTMANAGER (or on the PATH).
Databases: SANDBOX_POSTGRES, JSON of cluster and URL.
Copies by Jobs: SANDBOX_BACKUP_JOB, JSON of cluster, name, folder, url and tools.`;

const Port = z.int().min(0).max(65_535);
const Ports = z.strictObject({
  kubernetes: z.strictObject({ 'us-east-1': Port.default(0), 'eu-west-1': Port.default(0) }).prefault({}),
  loki: Port.default(0),
  prometheus: Port.default(0),
  alertmanager: Port.default(0),
  control: Port.default(0),
  metrics: Port.default(0),
  registry: Port.default(0),
});

const PostgresUrls = z.partialRecord(z.enum(['us-east-1', 'eu-west-1']), z.string());

const BackupJobOptions = z.strictObject({
  cluster: z.enum(['us-east-1', 'eu-west-1']),
  name: z.string().min(1),
  folder: z.string().min(1),
  url: z.url(),
  tools: z.string().min(1),
});

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string', default: '.signalbox/sandbox' },
    ports: { type: 'string' },
    'port-base': { type: 'string' },
    seed: { type: 'string', default: '1' },
    'no-history': { type: 'boolean', default: false },
    control: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(usage);
else if (positionals[0] === 'scenario') await switchScenario(positionals[1], values.control);
else await serve();

/** The one command that switches the scenario of a running production. */
async function switchScenario(name: string | undefined, control: string | undefined): Promise<void> {
  if (!name || !control) throw new Error(usage);
  const response = await fetch(new URL('/scenario', control), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });
  const answer = z
    .object({ name: z.string().optional(), error: z.string().optional() })
    .parse(await response.json());
  if (!response.ok) {
    console.error(answer.error ?? `The control port answered ${response.status}.`);
    process.exitCode = 1;
  } else console.log(`Scenario: ${answer.name}`);
}

/** Eight ports in a row from `base`, in the order of the table. */
function portsFrom(base: number): SandboxPorts {
  return {
    kubernetes: { 'us-east-1': base, 'eu-west-1': base + 1 },
    loki: base + 2,
    prometheus: base + 3,
    alertmanager: base + 4,
    control: base + 5,
    metrics: base + 6,
    registry: base + 7,
  };
}

function readPorts(): SandboxPorts {
  if (values['port-base'] !== undefined) return portsFrom(Port.parse(Number(values['port-base'])));
  return Ports.parse(JSON.parse(values.ports ?? '{}'));
}

/** A sentence and exit code 1; people wait at the other end, not a debugger. */
function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function serve(): Promise<void> {
  let stopping = false;
  let sandbox: Promise<Sandbox> | null = null;
  // Also while it starts: the start is carried to its end and undone, so that no program is left behind.
  const stop = () => {
    if (stopping || !sandbox) return;
    stopping = true;
    sandbox.then((running) => running.stop()).then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  sandbox = startSandbox(readOptions());
  try {
    const { urls, kubeconfigs } = await sandbox;
    if (!stopping) console.log(JSON.stringify({ ready: true, urls, kubeconfigs }));
  } catch (error) {
    fail(error);
  }
}

function readOptions(): SandboxOptions {
  const env = process.env;
  const backupJob = env['SANDBOX_BACKUP_JOB'];
  return {
    dataDir: path.resolve(values.data),
    ports: readPorts(),
    binaries: {
      prometheus: env['SANDBOX_PROMETHEUS'] ?? 'prometheus',
      promtool: env['SANDBOX_PROMTOOL'] ?? 'promtool',
      alertmanager: env['SANDBOX_ALERTMANAGER'] ?? 'prometheus-alertmanager',
    },
    history: !values['no-history'],
    seed: Number(values.seed),
    postgresUrls: PostgresUrls.parse(JSON.parse(env['SANDBOX_POSTGRES'] ?? '{}')),
    ...(backupJob === undefined ? {} : { backupJob: BackupJobOptions.parse(JSON.parse(backupJob)) }),
    onProgress: (text) => console.log(JSON.stringify({ progress: text })),
  };
}
