import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../clients/client';
import type { Load } from '../clients/load';

const timeoutMs = 10_000;

/** What an answer cost its reader: milliseconds to its last byte, and bytes of text (0: nothing had changed). */
export type Look = { tookMs: number; bytes: number; isNew: boolean };

/** A page that stays open: it sends back the tag of what it has, as the console's own pages do. */
export class Viewer {
  private readonly tags = new Map<string, string>();
  private readonly client: Client;
  private readonly keeps: boolean;

  /** `keeps` off: a viewer who has just come, each time. */
  constructor(client: Client, keeps = true) {
    this.client = client;
    this.keeps = keeps;
  }

  /** Throws on any answer but 200, and 304 to a tag. */
  async look(path: string): Promise<Look> {
    const tag = this.keeps ? this.tags.get(path) : undefined;
    const startedAt = performance.now();
    const response = await fetch(`${this.client.base}${path}`, {
      headers: {
        cookie: this.client.cookie,
        accept: 'application/json',
        ...(tag === undefined ? {} : { 'if-none-match': tag }),
      },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    const tookMs = performance.now() - startedAt;
    const isSame = response.status === 304 && tag !== undefined;
    if (!isSame && response.status !== 200) {
      throw new Error(`GET ${path}: ${response.status} ${text.slice(0, 200)}`);
    }
    const own = response.headers.get('etag');
    if (own !== null) this.tags.set(path, own);
    return { tookMs, bytes: text.length, isNew: !isSame };
  }
}

/**
 * Each viewer asks for each path `perSecond` times a second, the viewers spread over the second, whether or not
 * earlier answers have come. Throws on the first answer that is none.
 */
export async function lookAt(
  viewers: readonly Viewer[],
  paths: readonly string[],
  size: Load,
): Promise<Map<string, Look[]>> {
  const gapMs = 1000 / size.perSecond;
  const times = Math.round(size.seconds * size.perSecond);
  const startedAt = performance.now();
  const found = new Map<string, Look[]>(paths.map((path) => [path, []]));
  const ofOne = async (viewer: Viewer, index: number): Promise<void> => {
    const asked: Promise<void>[] = [];
    for (let n = 0; n < times; n++) {
      await sleep(Math.max(0, startedAt + (n + index / viewers.length) * gapMs - performance.now()));
      for (const path of paths) {
        const look = viewer.look(path).then((one) => {
          found.get(path)?.push(one);
        });
        // It is awaited below; until then a failure must not end the process.
        look.catch(() => {});
        asked.push(look);
      }
    }
    await Promise.all(asked);
  };
  await Promise.all(viewers.map(ofOne));
  return found;
}
