import { randomUUID } from 'node:crypto';
import type { JsonObject, NewObject } from '../store';
import { child } from './fill';

/**
 * A new Job gets a selector on its own uid and the labels that go with it, unless the client chose its own
 * (`manualSelector`); labels of the template become labels of a Job that has none.
 */
export function withJobIdentity(job: NewObject): NewObject {
  const spec: JsonObject = job.spec ?? {};
  const template = child(spec, 'template');
  const metadata = child(template, 'metadata');
  const labels = child(metadata, 'labels');
  const own: { [key: string]: string } = {};
  for (const [key, value] of Object.entries(labels)) own[key] = String(value);
  const named = { ...job, spec, metadata: { ...job.metadata } };
  if (job.metadata.labels === undefined && Object.keys(own).length > 0) named.metadata.labels = own;
  if (spec['manualSelector'] === true || spec['selector'] !== undefined) return named;
  const uid = job.metadata.uid ?? randomUUID();
  named.metadata.uid = uid;
  const { name } = job.metadata;
  Object.assign(labels, {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  });
  spec['selector'] = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
  return named;
}
