import { equalJson, isJsonObject } from '../object';
import type { Json, JsonObject } from '../store';
import { type FieldCause, invalidValue, requiredValue } from './causes';

const NOT_NEGATIVE = 'must be greater than or equal to 0';

/** What the API server refuses in a Deployment, ReplicaSet or StatefulSet, in the order in which it says it. */
export function workloadCauses(spec: JsonObject, previous: JsonObject | null, kind: string): FieldCause[] {
  const causes: FieldCause[] = [];
  negative(causes, spec, 'replicas');
  causes.push(...selectorCauses(spec), ...templateCauses(spec));
  if (kind === 'Deployment') causes.push(...strategyCauses(spec), ...deadlineCauses(spec));
  if (previous && !equalJson(previous['selector'], spec['selector'])) {
    causes.push(invalidValue('spec.selector', spec['selector'] ?? null, 'field is immutable'));
  }
  return causes;
}

function negative(causes: FieldCause[], spec: JsonObject, field: string): void {
  const value = spec[field];
  if (typeof value === 'number' && value < 0) causes.push(invalidValue(`spec.${field}`, value, NOT_NEGATIVE));
}

function selectorCauses(spec: JsonObject): FieldCause[] {
  const { selector } = spec;
  const wanted = isJsonObject(selector) ? selector['matchLabels'] : undefined;
  if (!isJsonObject(selector)) return [requiredValue('spec.selector')];
  const labels = labelsOf(spec);
  const matches =
    !isJsonObject(wanted) || Object.entries(wanted).every(([key, value]) => labels[key] === value);
  if (matches) return [];
  return [
    invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'),
  ];
}

function labelsOf(spec: JsonObject): JsonObject {
  const metadata = isJsonObject(spec['template']) ? spec['template']['metadata'] : undefined;
  const labels = isJsonObject(metadata) ? metadata['labels'] : undefined;
  return isJsonObject(labels) ? labels : {};
}

function templateCauses(spec: JsonObject): FieldCause[] {
  const pod = isJsonObject(spec['template']) ? spec['template']['spec'] : undefined;
  const containers = isJsonObject(pod) ? pod['containers'] : undefined;
  if (!Array.isArray(containers) || containers.length === 0)
    return [requiredValue('spec.template.spec.containers')];
  return containers.flatMap((container, index) => {
    const field = `spec.template.spec.containers[${index}]`;
    const { name = '', image = '' } = isJsonObject(container) ? container : {};
    return [
      ...(name === '' ? [requiredValue(`${field}.name`)] : []),
      ...(image === '' ? [requiredValue(`${field}.image`)] : []),
    ];
  });
}

function strategyCauses(spec: JsonObject): FieldCause[] {
  const strategy = isJsonObject(spec['strategy']) ? spec['strategy'] : {};
  const rolling = isJsonObject(strategy['rollingUpdate']) ? strategy['rollingUpdate'] : {};
  if (strategy['type'] === 'Recreate') {
    if (strategy['rollingUpdate'] === undefined) return [];
    const message = "Forbidden: may not be specified when strategy `type` is 'Recreate'";
    return [{ reason: 'FieldValueForbidden', message, field: 'spec.strategy.rollingUpdate' }];
  }
  if (!isZero(rolling['maxSurge']) || !isZero(rolling['maxUnavailable'])) return [];
  const unavailable = rolling['maxUnavailable'] ?? 0;
  return [
    invalidValue(
      'spec.strategy.rollingUpdate.maxUnavailable',
      unavailable,
      'may not be 0 when `maxSurge` is 0',
    ),
  ];
}

function isZero(value: Json | undefined): boolean {
  return value === 0 || value === '0%';
}

function deadlineCauses(spec: JsonObject): FieldCause[] {
  const causes: FieldCause[] = [];
  negative(causes, spec, 'minReadySeconds');
  negative(causes, spec, 'revisionHistoryLimit');
  negative(causes, spec, 'progressDeadlineSeconds');
  const { progressDeadlineSeconds: deadline, minReadySeconds: ready = 0 } = spec;
  if (typeof deadline === 'number' && typeof ready === 'number' && deadline <= ready) {
    causes.push(
      invalidValue('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'),
    );
  }
  return causes;
}
