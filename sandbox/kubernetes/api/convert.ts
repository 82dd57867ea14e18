import { cloneJson, isJsonObject } from '../object';
import { EVENTS_GROUP } from '../resources';
import type { Json, JsonObject, KubeObject } from '../store';
import type { Served } from './render';

/**
 * The stored form of an object in another served version: core/v1 Events as events.k8s.io/v1, HPA v2 as
 * v1; the versions of custom resources differ only by name. The result is for showing, not for storing.
 */
export function toServedVersion(object: KubeObject, served: Served): KubeObject {
  if (served.group === EVENTS_GROUP) return eventsV1(object);
  if (object.kind === 'HorizontalPodAutoscaler' && served.version === 'v1') return hpaV1(object);
  return object;
}

/** A body in a served version back to the stored form. */
export function toStoredVersion(object: KubeObject, served: Served): KubeObject {
  if (served.group === EVENTS_GROUP) return coreEvent(object);
  if (object.kind === 'HorizontalPodAutoscaler' && served.version === 'v1') return hpaV2(object);
  return object;
}

function eventsV1(event: KubeObject): KubeObject {
  const out: KubeObject = { apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata: event.metadata };
  const pick = (target: string, source: string): void => {
    const value = event[source];
    if (value !== undefined) out[target] = value;
  };
  out['eventTime'] = plain(event['eventTime']) ?? null;
  pick('series', 'series');
  pick('reportingController', 'reportingComponent');
  pick('reportingInstance', 'reportingInstance');
  pick('action', 'action');
  pick('reason', 'reason');
  pick('regarding', 'involvedObject');
  pick('related', 'related');
  pick('note', 'message');
  pick('type', 'type');
  out['deprecatedSource'] = plain(event['source']) ?? {};
  out['deprecatedFirstTimestamp'] = plain(event['firstTimestamp']) ?? null;
  out['deprecatedLastTimestamp'] = plain(event['lastTimestamp']) ?? null;
  pick('deprecatedCount', 'count');
  return out;
}

function coreEvent(event: KubeObject): KubeObject {
  const out: KubeObject = { apiVersion: 'v1', kind: 'Event', metadata: event.metadata };
  const pick = (target: string, source: string): void => {
    const value = event[source];
    if (value !== undefined) out[target] = value;
  };
  pick('involvedObject', 'regarding');
  pick('reason', 'reason');
  pick('message', 'note');
  pick('source', 'deprecatedSource');
  pick('firstTimestamp', 'deprecatedFirstTimestamp');
  pick('lastTimestamp', 'deprecatedLastTimestamp');
  pick('count', 'deprecatedCount');
  pick('type', 'type');
  pick('eventTime', 'eventTime');
  pick('series', 'series');
  pick('action', 'action');
  pick('related', 'related');
  pick('reportingComponent', 'reportingController');
  pick('reportingInstance', 'reportingInstance');
  return out;
}

/** Conditions and metrics that v1 has no field for travel in annotations, as upstream converts them. */
function hpaV1(hpa: KubeObject): KubeObject {
  const { metrics, behavior: _behavior, ...spec } = hpa.spec ?? {};
  const { conditions, currentMetrics, ...status } = hpa.status ?? {};
  const metadata = cloneJson(hpa.metadata);
  const annotations = { ...metadata.annotations };
  if (conditions !== undefined)
    annotations['autoscaling.alpha.kubernetes.io/conditions'] = JSON.stringify(conditions);
  if (currentMetrics !== undefined) {
    annotations['autoscaling.alpha.kubernetes.io/current-metrics'] = JSON.stringify(currentMetrics);
  }
  if (Object.keys(annotations).length > 0) metadata.annotations = annotations;
  const cpu = cpuTarget(metrics);
  const shown: JsonObject = { ...spec, ...(cpu === null ? {} : { targetCPUUtilizationPercentage: cpu }) };
  return { apiVersion: 'autoscaling/v1', kind: hpa.kind, metadata, spec: shown, status };
}

function hpaV2(hpa: KubeObject): KubeObject {
  const { targetCPUUtilizationPercentage: cpu, ...spec } = hpa.spec ?? {};
  const target = { type: 'Utilization', averageUtilization: cpu ?? 80 };
  const metrics = [{ type: 'Resource', resource: { name: 'cpu', target } }];
  return {
    ...hpa,
    apiVersion: 'autoscaling/v2',
    spec: { ...spec, ...(cpu === undefined ? {} : { metrics }) },
  };
}

function cpuTarget(metrics: Json | undefined): Json | null {
  if (!Array.isArray(metrics)) return null;
  for (const metric of metrics) {
    const resource = isJsonObject(metric) ? metric['resource'] : undefined;
    if (!isJsonObject(resource) || resource['name'] !== 'cpu') continue;
    const target = resource['target'];
    if (isJsonObject(target)) return target['averageUtilization'] ?? null;
  }
  return null;
}

/** Narrows a top-level field to JSON (metadata is the only one that is not). */
function plain(value: KubeObject[string]): Json | undefined {
  return isJson(value) ? value : undefined;
}

function isJson(value: unknown): value is Json | undefined {
  return value !== undefined;
}
