import type { Call, ClusterClient } from '@/lib/actuators/kubernetes/client';
import { ClusterError } from '@/lib/actuators/kubernetes/error';
import { applyMergePatch, type JsonObject } from '@/lib/actuators/kubernetes/merge-patch';
import { JsonObjectSchema } from '@/lib/change/template';

type Labelled = { metadata?: { labels?: Record<string, string> } };

/** An API server of objects by path: reads, lists by label, dry runs of merge patches. Nothing of it changes. */
export function fakeCluster(id: string, objects: Map<string, object>) {
  const calls: Call[] = [];
  const call = async (made: Call) => {
    calls.push(made);
    return { status: 200, body: answer(id, objects, made), auditId: null };
  };
  const client: ClusterClient = {
    id,
    call,
    get: async (schema, path, query) => {
      const { body } = await call({ method: 'GET', path, ...(query === undefined ? {} : { query }) });
      return schema.parse(body);
    },
    close: async () => {},
  };
  return { client, calls, objects };
}

function answer(id: string, objects: Map<string, object>, { method, path, query, body }: Call): unknown {
  if (method === 'POST') return { status: { allowed: true } };
  const found = objects.get(path);
  if (method === 'PATCH' && found !== undefined) {
    return applyMergePatch(json(found), json(body));
  }
  if (found !== undefined) return found;
  if (/\/(?:[a-z]+)$/.test(path) && isList(path)) return { items: listed(objects, path, query) };
  throw new ClusterError('not-found', `${id} has no ${path}.`, { status: 404 });
}

const plurals =
  /\/(replicasets|pods|endpointslices|horizontalpodautoscalers|poddisruptionbudgets|resourcequotas)$/;
const isList = (path: string): boolean => plurals.test(path);

const json = (value: unknown): JsonObject => JsonObjectSchema.parse(JSON.parse(JSON.stringify(value)));

function listed(objects: Map<string, object>, path: string, query: Call['query']): object[] {
  const wanted = (query?.['labelSelector'] ?? '').split(',').filter((text) => text !== '');
  return [...objects].flatMap(([key, object]) => {
    if (!key.startsWith(`${path}/`)) return [];
    const labels = labelsOf(object);
    return wanted.every((text) => labels[text.split('=')[0] ?? ''] === text.split('=')[1]) ? [object] : [];
  });
}

function labelsOf(object: Labelled): Record<string, string> {
  return object.metadata?.labels ?? {};
}
