import { isJsonObject } from '../object';
import type { JsonObject } from '../store';
import { child, children, fill } from './fill';

const MODE = 420;

/** Defaults of a pod spec, in a Pod or in a template. */
export function podSpecDefaults(spec: JsonObject): void {
  fill(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
  for (const container of [...children(spec, 'containers'), ...children(spec, 'initContainers')])
    containerDefaults(container);
  for (const volume of children(spec, 'volumes')) volumeDefaults(volume);
}

function containerDefaults(container: JsonObject): void {
  const image = String(container['image'] ?? '');
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  const floating = tag === undefined || tag === 'latest';
  fill(container, {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: floating && !image.includes('@') ? 'Always' : 'IfNotPresent',
  });
  for (const port of children(container, 'ports')) fill(port, { protocol: 'TCP' });
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[name];
    if (isJsonObject(probe)) probeDefaults(probe);
  }
  for (const variable of children(container, 'env')) {
    const reference = child(isJsonObject(variable['valueFrom']) ? variable['valueFrom'] : {}, 'fieldRef');
    if (reference['fieldPath'] !== undefined) fill(reference, { apiVersion: 'v1' });
    else if (isJsonObject(variable['valueFrom']) && Object.keys(reference).length === 0)
      delete variable['valueFrom']['fieldRef'];
  }
}

function probeDefaults(probe: JsonObject): void {
  fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  const http = probe['httpGet'];
  if (isJsonObject(http)) fill(http, { path: '/', scheme: 'HTTP' });
}

function volumeDefaults(volume: JsonObject): void {
  for (const source of ['configMap', 'secret', 'projected', 'downwardAPI']) {
    const found = volume[source];
    if (isJsonObject(found)) fill(found, { defaultMode: MODE });
  }
}
