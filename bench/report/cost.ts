import { loadNow } from './machine';
import { cpuOfTree } from './processes';

export type Cost = { seconds: number; cpuSeconds: number };

/** What something costs: time on the clock, and CPU of this process with all that it started, children that ended too. */
export async function costOf<T>(work: () => Promise<T>): Promise<Cost & { result: T }> {
  const cpuBefore = cpuOfTree(process.pid);
  const startedAt = performance.now();
  const result = await work();
  const seconds = (performance.now() - startedAt) / 1000;
  return { result, seconds, cpuSeconds: cpuOfTree(process.pid) - cpuBefore };
}

/** A cost in words, with the machine's load: others on it make the first figure longer, not the second. */
export const costText = ({ seconds, cpuSeconds }: Cost): string =>
  `${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of CPU, load ${loadNow().toFixed(1)}`;
