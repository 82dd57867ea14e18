import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, getText } from './client';

export type Load = { perSecond: number; seconds: number };

/**
 * Each client asks `path` once a second (`perSecond` times), the clients spread over the second, whether or not
 * earlier answers have come. Returns all latencies in milliseconds. Throws on the first answer that is not 200.
 */
export async function load(clients: readonly Client[], path: string, size: Load): Promise<number[]> {
  const gapMs = 1000 / size.perSecond;
  const times = Math.round(size.seconds * size.perSecond);
  const startedAt = performance.now();
  const ofOne = async (client: Client, index: number): Promise<number[]> => {
    const answers: Promise<number>[] = [];
    for (let n = 0; n < times; n++) {
      const due = startedAt + (n + index / clients.length) * gapMs;
      await sleep(Math.max(0, due - performance.now()));
      // Not parsed: the next answer would wait for it in this process.
      const answer = getText(client, path).then(({ tookMs }) => tookMs);
      // It is awaited below; until then a failure must not end the process.
      answer.catch(() => {});
      answers.push(answer);
    }
    return Promise.all(answers);
  };
  return (await Promise.all(clients.map(ofOne))).flat();
}
