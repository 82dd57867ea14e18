import type { Json } from './store';

/** One request that changed something or tried to, as the API server saw it. */
export type WriteLogEntry = {
  /** Position in the log, from 1. */
  sequence: number;
  /** When the request arrived, milliseconds since the epoch. */
  atMs: number;
  /** Who signed in: `signalbox-web`, `signalbox-worker`, `admin`, `system:anonymous`. */
  account: string;
  /** The identity whose rights counted, when the account impersonated one. */
  impersonated: { user: string; groups: string[]; extra: { [key: string]: string[] } } | null;
  method: string;
  verb: string;
  /** Plural with group and subresource: `deployments.apps/scale`. */
  resource: string;
  namespace: string | null;
  name: string | null;
  dryRun: boolean;
  /** Null when there was no such object, or when the request never got to it. */
  resourceVersionBefore: string | null;
  resourceVersionAfter: string | null;
  body: Json;
  contentType: string;
  /** HTTP status of the answer; 0 when the connection was cut before one was sent. */
  status: number;
  /** Names of the faults that acted on the request. */
  faults: string[];
  userAgent: string;
  /** What a write that was carried out left behind; null for a dry run and for one that changed nothing. */
  left: LeftBehind | null;
};

/** The object after a write, and what could serve in its namespace at that moment. */
export type LeftBehind = {
  spec: Json;
  /** Ready endpoints by Service, and by Deployment its labels of pods, wanted and available pods. */
  endpoints: { [service: string]: number };
  workloads: {
    [deployment: string]: { labels: { [key: string]: string }; replicas: number; available: number };
  };
};

/** Append-only record of writes: evidence for tests, never read by the console. */
export class WriteLog {
  readonly #entries: WriteLogEntry[] = [];

  append(entry: Omit<WriteLogEntry, 'sequence'>): WriteLogEntry {
    const stored = Object.freeze({ sequence: this.#entries.length + 1, ...entry });
    this.#entries.push(stored);
    return stored;
  }

  /** Entries after `sequence` (0 for all), oldest first. */
  since(sequence = 0): readonly WriteLogEntry[] {
    return this.#entries.slice(sequence);
  }

  get length(): number {
    return this.#entries.length;
  }
}
