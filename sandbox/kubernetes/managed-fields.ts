import { fieldsOf, toFieldsV1, toPaths } from './field-set';
import type { KubeObject, ManagedFields } from './store';

/** Who writes, as the API server books it. */
export type Writer = {
  manager: string;
  /** `status` or `scale`, when the write went there. */
  subresource: string | null;
  apiVersion: string;
  /** metav1.Time */
  time: string;
};

const MANAGER_MAX = 128;

/** The manager that a request names, else the program in its user agent (apiserver `managerOrUserAgent`). */
export function managerOf(request: {
  query: URLSearchParams;
  headers: { 'user-agent'?: string | undefined };
}): string {
  const named = request.query.get('fieldManager');
  if (named !== null && named !== '') return named.slice(0, MANAGER_MAX);
  const program = (request.headers['user-agent'] ?? '').split('/')[0] ?? '';
  return program === '' ? 'unknown' : program.slice(0, MANAGER_MAX);
}

/**
 * `after` with the bookkeeping of an update: what it changed or added belongs to the writer from now on, and to
 * nobody else; what it removed belongs to nobody. Fields that it merely repeated stay where they were.
 */
export function withManagedFields(before: KubeObject | null, after: KubeObject, writer: Writer): KubeObject {
  const old = before === null ? new Map<string, string>() : fieldsOf(before);
  const now = fieldsOf(after);
  const taken = new Set([...now.keys()].filter((path) => old.get(path) !== now.get(path)));
  const removed = new Set([...old.keys()].filter((path) => !now.has(path)));
  const left = (before?.metadata.managedFields ?? []).flatMap((entry) => {
    const own = toPaths(entry.fieldsV1);
    const mine = isOf(entry, writer);
    const kept = own.filter((path) => !removed.has(path) && (mine || !taken.has(path)));
    if (kept.length === own.length) return [entry];
    return kept.length === 0 ? [] : [{ ...entry, fieldsV1: toFieldsV1(kept) }];
  });
  if (taken.size === 0) return { ...after, metadata: metadataWith(after, left) };
  const mine = left.find((entry) => isOf(entry, writer));
  const entry: ManagedFields = {
    manager: writer.manager,
    operation: 'Update',
    apiVersion: writer.apiVersion,
    time: writer.time,
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1([...new Set([...toPaths(mine?.fieldsV1), ...taken])]),
    ...(writer.subresource === null ? {} : { subresource: writer.subresource }),
  };
  return { ...after, metadata: metadataWith(after, [...left.filter((one) => one !== mine), entry]) };
}

/** What a client sends of managedFields counts for nothing here. */
function metadataWith(object: KubeObject, entries: readonly ManagedFields[]): KubeObject['metadata'] {
  const { managedFields: _sent, ...metadata } = object.metadata;
  return entries.length === 0 ? metadata : { ...metadata, managedFields: [...entries] };
}

const isOf = (entry: ManagedFields, writer: Writer): boolean =>
  entry.manager === writer.manager &&
  entry.operation === 'Update' &&
  entry.apiVersion === writer.apiVersion &&
  (entry.subresource ?? null) === writer.subresource;
