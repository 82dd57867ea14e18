/** A label set; names are unique, order carries no meaning. */
export type Labels = Readonly<Record<string, string>>;

const byName = (a: [string, string], b: [string, string]): number => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0);

/** The same labels with their names in order, as Loki's answers have them. */
export const sortedLabels = (labels: Labels): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).sort(byName));

/** `{app="x", level="info"}`: the text of upstream's errors and the identity of a stream. */
export function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).sort(byName);
  return `{${pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
}

const serviceLabels = [
  'service',
  'app',
  'application',
  'app_name',
  'name',
  'app_kubernetes_io_name',
  'container',
  'container_name',
  'k8s_container_name',
  'component',
  'workload',
  'job',
  'k8s_job_name',
];

/** Adds `service_name` as the distributor does: from the first known label, else `unknown_service`. */
export function withServiceName(labels: Labels): Labels {
  if (labels['service_name'] !== undefined) return labels;
  const source = serviceLabels.find((name) => labels[name] !== undefined && labels[name] !== '');
  return { ...labels, service_name: source === undefined ? 'unknown_service' : (labels[source] ?? '') };
}
