import type { LogLevel } from './log-lines';

export type LogLabels = {
  service: string;
  environment: string;
  region: string;
  cluster: string;
  namespace: string;
  level: LogLevel;
};

export type PodLogLine = { atMs: number; line: string };

/** Lines that the `log` subresource of one pod still has. */
const POD_LINES = 400;
/** Lines that wait for Loki while it is away; the oldest are dropped beyond it. */
const WAITING_LINES = 20_000;

type Waiting = { labels: LogLabels; nanoseconds: bigint; line: string };

/** Takes every log line: keeps the last ones of each pod, and ships all of them to Loki in batches. */
export class LogStore {
  readonly #pushUrl: string;
  readonly #pods = new Map<string, PodLogLine[]>();
  #waiting: Waiting[] = [];
  #sequence = 0n;
  #shipping: Promise<void> | null = null;
  readonly #followers = new Set<{ key: string; onLine: (line: PodLogLine) => void }>();

  /** `lokiUrl` is the base URL; lines go to its push API. */
  constructor(lokiUrl: string) {
    this.#pushUrl = new URL('/loki/api/v1/push', lokiUrl).href;
  }

  write(labels: LogLabels, pod: string, atMs: number, line: string): void {
    if (pod !== '') {
      const key = `${labels.cluster}/${labels.namespace}/${pod}`;
      const lines = this.#pods.get(key) ?? [];
      lines.push({ atMs, line });
      if (lines.length > POD_LINES) lines.splice(0, lines.length - POD_LINES);
      this.#pods.set(key, lines);
      for (const follower of this.#followers) if (follower.key === key) follower.onLine({ atMs, line });
    }
    this.#waiting.push({ labels, nanoseconds: this.#stamp(atMs), line });
    if (this.#waiting.length > WAITING_LINES) this.#waiting.splice(0, this.#waiting.length - WAITING_LINES);
  }

  /** Lines that Loki has not taken yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Oldest first. */
  podLines(cluster: string, namespace: string, pod: string): readonly PodLogLine[] {
    return this.#pods.get(`${cluster}/${namespace}/${pod}`) ?? [];
  }

  /** Calls back for each new line of a pod until the returned function is called. */
  follow(cluster: string, namespace: string, pod: string, onLine: (line: PodLogLine) => void): () => void {
    const follower = { key: `${cluster}/${namespace}/${pod}`, onLine };
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  forgetPod(cluster: string, namespace: string, pod: string): void {
    this.#pods.delete(`${cluster}/${namespace}/${pod}`);
  }

  /** Sends what waits; what Loki does not take for a passing reason is tried again with the next call. */
  async ship(): Promise<void> {
    this.#shipping ??= this.#ship().finally(() => {
      this.#shipping = null;
    });
    await this.#shipping;
  }

  async #ship(): Promise<void> {
    // Loki refuses what is over an hour older than the newest line of its stream.
    this.#waiting.sort((a, b) => (a.nanoseconds < b.nanoseconds ? -1 : 1));
    const batch = this.#waiting.splice(0, 2000);
    if (batch.length === 0) return;
    const again = () => {
      this.#waiting = [...batch, ...this.#waiting].slice(-WAITING_LINES);
    };
    try {
      const response = await fetch(this.#pushUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ streams: streamsOf(batch) }),
        signal: AbortSignal.timeout(5000),
      });
      await response.arrayBuffer();
      // A 400 is final: Loki kept the good lines of the batch and will never take the others.
      if (response.status === 429 || response.status >= 500) again();
    } catch {
      again();
    }
  }

  /** No two lines share a moment: lines of one millisecond keep their order. */
  #stamp(atMs: number): bigint {
    const wanted = BigInt(Math.floor(atMs)) * 1_000_000n;
    this.#sequence = (this.#sequence + 1n) % 1_000_000n;
    return wanted + this.#sequence;
  }
}

function streamsOf(batch: Waiting[]): { stream: LogLabels; values: [string, string][] }[] {
  const streams = new Map<string, { stream: LogLabels; values: [string, string][] }>();
  for (const { labels, nanoseconds, line } of batch) {
    const key = Object.values(labels).join('/');
    const stream = streams.get(key) ?? { stream: labels, values: [] };
    stream.values.push([nanoseconds.toString(), line]);
    streams.set(key, stream);
  }
  return [...streams.values()];
}
