import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { PodBehaviour, PodOutcome, StartProcess } from '../kubernetes/controllers/pod-behaviour';
import { imageOf } from '../kubernetes/controllers/pod-behaviour';
import { listAt, textAt, textMapAt } from '../kubernetes/controllers/read';
import type { JsonObject, KubeObject, Store } from '../kubernetes/store';

/** How the containers of an image fare: as their process does, or as one of these. */
export const jobFates = ['ok', 'crash', 'image-missing'] as const;
export type JobFate = (typeof jobFates)[number];

export type JobProcessOptions = {
  /** Pods whose first container has an image of this name are processes. */
  image: string;
  /** Comes before the PATH of this machine: the programs of the image. */
  tools: string;
  store: Store;
  onLine: (pod: KubeObject, line: string) => void;
};

/** A container cannot be begun (the exit code of container runtimes). */
const START_ERROR = 128;

/** Runs the containers of one image as real processes of this machine, and lets them fail on demand. */
export class JobProcesses {
  readonly #options: JobProcessOptions;
  #fate: JobFate = 'ok';

  constructor(options: JobProcessOptions) {
    this.#options = options;
  }

  get fate(): JobFate {
    return this.#fate;
  }

  set fate(fate: JobFate) {
    this.#fate = fate;
  }

  isFor(pod: KubeObject): boolean {
    const image = imageOf(pod);
    return image === this.#options.image || image.startsWith(`${this.#options.image}:`);
  }

  /** The behaviour of all pods, of which those of this image are processes. */
  over(others: PodBehaviour): PodBehaviour {
    return {
      ...others,
      outcome: (pod): PodOutcome => (this.isFor(pod) ? this.#fate : others.outcome(pod)),
      process: (pod) => (this.isFor(pod) ? this.#startOf(pod) : null),
    };
  }

  #startOf(pod: KubeObject): StartProcess {
    return (ended) => {
      const { store, tools, onLine } = this.#options;
      const container = listAt(pod, 'spec', 'containers')[0] ?? {};
      const tell = (line: string) => onLine(pod, line);
      const refuse = (why: string) => {
        tell(`error: ${why}`);
        setImmediate(() => ended(START_ERROR));
        return { stop: () => undefined };
      };
      const strange = strangeMount(pod, container);
      if (strange !== null) return refuse(strange);
      const environment = environmentOf(store, pod.metadata.namespace ?? 'default', container);
      if (typeof environment === 'string') return refuse(environment);
      const [program, ...args] = commandOf(container, environment);
      if (program === undefined) return refuse('the template has no command, and the image has none here');
      const child = spawn(program, args, {
        env: {
          PATH: `${tools}${path.delimiter}${process.env['PATH'] ?? ''}`,
          HOSTNAME: pod.metadata.name,
          LC_ALL: 'C',
          NODE_ENV: 'production',
          ...environment,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      });
      for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', tell);
      let isOver = false;
      const over = (code: number) => {
        if (!isOver) ended(code);
        isOver = true;
      };
      child.once('error', (error) => {
        tell(`error: ${error.message}`);
        over(START_ERROR);
      });
      child.once('close', (code, signal) => over(code ?? (signal === 'SIGKILL' ? 137 : 143)));
      return { stop: (signal) => signalGroup(child, signal) };
    };
  }
}

function signalGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // It has just ended by itself.
  }
}

/** A process sees the folders of this machine as they are: a mount may not rename one. Null: all is well. */
function strangeMount(pod: KubeObject, container: JsonObject): string | null {
  const volumes = new Map(
    listAt(pod, 'spec', 'volumes').map((volume) => [
      textAt(volume, 'name'),
      textAt(volume, 'hostPath', 'path'),
    ]),
  );
  for (const mount of listAt(container, 'volumeMounts')) {
    const [host, at] = [volumes.get(textAt(mount, 'name')), textAt(mount, 'mountPath')];
    if (host !== undefined && host !== at)
      return `hostPath ${host} is mounted at ${at}: containers of this sandbox see a folder only under its own path`;
  }
  return null;
}

/** Values, and those of Secrets; a Secret that is not there keeps a container from being made. */
function environmentOf(
  store: Store,
  namespace: string,
  container: JsonObject,
): Record<string, string> | string {
  const environment: Record<string, string> = {};
  for (const from of listAt(container, 'envFrom')) {
    const name = textAt(from, 'secretRef', 'name');
    if (name === undefined) continue;
    const secret = store.get('secrets', namespace, name);
    if (!secret) return `secret "${name}" not found`;
    for (const [key, value] of Object.entries(textMapAt(secret, 'data'))) environment[key] = decoded(value);
  }
  for (const entry of listAt(container, 'env')) {
    const [name, value] = [textAt(entry, 'name'), textAt(entry, 'value')];
    if (name === undefined) continue;
    const [secret, key] = [
      textAt(entry, 'valueFrom', 'secretKeyRef', 'name'),
      textAt(entry, 'valueFrom', 'secretKeyRef', 'key'),
    ];
    if (secret === undefined || key === undefined) {
      environment[name] = expanded(value ?? '', environment);
      continue;
    }
    const found = textMapAt(store.get('secrets', namespace, secret), 'data')[key];
    if (found === undefined) return `couldn't find key ${key} in Secret ${namespace}/${secret}`;
    environment[name] = decoded(found);
  }
  return environment;
}

const decoded = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

/** `$(NAME)` of a variable that is known; any other text stays as it is. */
const expanded = (text: string, environment: Record<string, string>): string =>
  text.replace(/\$\(([A-Za-z_][\w.-]*)\)/g, (whole, name: string) => environment[name] ?? whole);

function commandOf(container: JsonObject, environment: Record<string, string>): string[] {
  const texts = (key: string): string[] => {
    const list = container[key];
    return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
  };
  return [...texts('command'), ...texts('args')].map((text) => expanded(text, environment));
}
