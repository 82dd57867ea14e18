import type { LogLine, LogReader } from '../kubernetes/api/context';
import type { KubeObject } from '../kubernetes/store';
import type { LogStore, PodLogLine } from './log-store';

/** Serves the `log` subresource of one cluster from the lines that its pods wrote. */
export function podLogReader(cluster: string, logs: LogStore): LogReader {
  const toLine = ({ atMs, line }: PodLogLine): LogLine => ({ atMs, text: line });
  return {
    read: ({ namespace, pod, previous, tailLines, sinceMs }) => {
      // Lines of a container before its restart are not kept apart.
      if (previous) return [];
      const lines = logs
        .podLines(cluster, namespace, pod.metadata.name)
        .filter(({ atMs }) => sinceMs === null || atMs >= sinceMs)
        .toSorted((a, b) => a.atMs - b.atMs);
      const wanted = tailLines === null ? lines : tailLines === 0 ? [] : lines.slice(-tailLines);
      return wanted.map(toLine);
    },
    follow: ({ namespace, pod }, onLine) => ({
      stop: logs.follow(cluster, namespace, pod.metadata.name, (line) => onLine(toLine(line))),
    }),
  };
}

/** A line that the container of a pod of no service wrote, such as that of a Job. */
export function podLine(logs: LogStore, cluster: string, pod: KubeObject, line: string): void {
  const { name, namespace = 'default', labels = {} } = pod.metadata;
  const level = /error|fatal/i.test(line) ? 'error' : 'info';
  const of = { service: labels['app'] ?? name, environment: 'production', region: cluster, cluster };
  logs.write({ ...of, namespace, level }, name, Date.now(), line);
}
