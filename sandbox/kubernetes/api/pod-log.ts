import { ApiError, badRequest, notFound } from '../api-error';
import { isJsonObject } from '../object';
import type { KubeObject } from '../store';
import type { ApiContext, LogLine, LogQuery } from './context';
import type { Reply } from './reply';
import { type ApiRequest, isTrue, type ResourceRequest } from './request';

/** GET pods/…/log: text/plain lines; `follow` streams new ones until either side ends. */
export function podLog(ctx: ApiContext, request: ApiRequest, target: ResourceRequest): Reply {
  const pod = ctx.store.get('pods', target.namespace, target.name ?? '');
  if (!pod) throw notFound('pods', target.name ?? '');
  const { query } = request;
  const wanted = logQuery(ctx, query, pod);
  const timestamps = isTrue(query.get('timestamps') ?? 'false');
  const format = (line: LogLine): string => `${timestamps ? `${stamp(line.atMs)} ` : ''}${line.text}\n`;
  const reader = ctx.logReader();
  const lines = reader?.read(wanted) ?? [];
  const kept = wanted.tailLines === null ? lines : lines.slice(Math.max(0, lines.length - wanted.tailLines));
  const limit = Number(query.get('limitBytes') ?? 0);
  const text = limit > 0 ? kept.map(format).join('').slice(0, limit) : kept.map(format).join('');
  if (!isTrue(query.get('follow') ?? 'false')) {
    return { kind: 'text', status: 200, body: text, headers: { 'content-type': 'text/plain' } };
  }
  return {
    kind: 'stream',
    start: (response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write(text);
      response.flushHeaders();
      const followed = reader?.follow?.(wanted, (line) => response.write(format(line)));
      if (!followed) response.end();
      response.on('close', () => followed?.stop());
    },
  };
}

function logQuery(ctx: ApiContext, query: URLSearchParams, pod: KubeObject): LogQuery {
  const { name, namespace = '' } = pod.metadata;
  const containers = containerNames(pod);
  const asked = query.get('container');
  if (asked !== null && asked !== '' && !containers.includes(asked)) {
    throw badRequest(`container ${asked} is not valid for pod ${name}`);
  }
  if ((asked === null || asked === '') && containers.length > 1) {
    throw badRequest(
      `a container name must be specified for pod ${name}, choose one of: [${containers.join(' ')}]`,
    );
  }
  const since = query.get('sinceSeconds');
  const sinceTime = query.get('sinceTime');
  return {
    namespace,
    pod,
    container: asked || (containers[0] ?? ''),
    previous: isTrue(query.get('previous') ?? 'false'),
    tailLines: nonNegative(query, 'tailLines', name),
    sinceMs:
      since !== null ? ctx.now() - Number(since) * 1000 : sinceTime !== null ? Date.parse(sinceTime) : null,
  };
}

function nonNegative(query: URLSearchParams, field: string, pod: string): number | null {
  const text = query.get(field);
  if (text === null) return null;
  if (/^\d+$/.test(text)) return Number(text);
  const message = `Invalid value: ${text}: must be greater than or equal to 0`;
  const details = {
    name: pod,
    kind: 'PodLogOptions',
    causes: [{ reason: 'FieldValueInvalid', message, field }],
  };
  throw new ApiError(422, 'Invalid', `PodLogOptions "${pod}" is invalid: ${field}: ${message}`, details);
}

function containerNames(pod: KubeObject): string[] {
  const containers = pod.spec?.['containers'];
  if (!Array.isArray(containers)) return [];
  return containers.flatMap((container) =>
    isJsonObject(container) && typeof container['name'] === 'string' ? [container['name']] : [],
  );
}

/** RFC 3339 with nine decimals, as the kubelet writes it. */
function stamp(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 23)}000000Z`;
}
