import { ApiError } from '../api-error';
import { equalJson, isJsonObject } from '../object';
import type { ResourceType } from '../resources';
import type { JsonObject, KubeObject } from '../store';
import { type FieldCause, invalidValue, requiredValue } from './causes';
import { workloadCauses } from './validate-workload';

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** 422 with all causes; one stands bare in the message, several in brackets. */
export function invalidObject(type: ResourceType, name: string, causes: FieldCause[]): ApiError {
  const id = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
  const texts = [...new Set(causes.map((cause) => `${cause.field}: ${cause.message}`))];
  const message = `${id} "${name}" is invalid: ${texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`}`;
  const group = type.group === '' ? {} : { group: type.group };
  return new ApiError(422, 'Invalid', message, { name, ...group, kind: type.kind, causes });
}

/**
 * Throws 422 when the API server would refuse the object. `previous` is null on create; `givenUid` is the
 * uid that a client sent with an update.
 */
export function validate(
  type: ResourceType,
  object: KubeObject,
  previous: KubeObject | null,
  givenUid?: string,
): void {
  const causes = [...metadataCauses(object, previous, givenUid), ...kindCauses(type, object, previous)];
  if (causes.length > 0) throw invalidObject(type, object.metadata.name, causes);
}

function metadataCauses(
  object: KubeObject,
  previous: KubeObject | null,
  givenUid: string | undefined,
): FieldCause[] {
  const causes: FieldCause[] = [];
  const { name } = object.metadata;
  if (name === '') causes.push(requiredValue('metadata.name', 'name or generateName is required'));
  // Names of RBAC objects may hold colons; those of all others are DNS subdomains.
  else if (!SUBDOMAIN.test(name) && !object.apiVersion.startsWith('rbac.'))
    causes.push(invalidValue('metadata.name', name, SUBDOMAIN_TEXT));
  if (previous && givenUid !== undefined && givenUid !== '' && givenUid !== previous.metadata.uid) {
    // A real server reports this one twice.
    const cause = invalidValue('metadata.uid', givenUid, 'field is immutable');
    causes.push(cause, cause);
  }
  return causes;
}

function kindCauses(type: ResourceType, object: KubeObject, previous: KubeObject | null): FieldCause[] {
  const spec = object.spec ?? {};
  switch (type.kind) {
    case 'Deployment':
    case 'ReplicaSet':
    case 'StatefulSet':
      return workloadCauses(spec, previous?.spec ?? null, type.kind);
    case 'CronJob':
      return scheduleCauses(spec);
    case 'HorizontalPodAutoscaler':
      return autoscalerCauses(spec);
    case 'Service':
      return serviceCauses(spec);
    case 'ConfigMap':
    case 'Secret':
      return immutableCauses(object, previous);
    default:
      return [];
  }
}

function scheduleCauses(spec: JsonObject): FieldCause[] {
  const schedule = spec['schedule'];
  if (typeof schedule !== 'string' || schedule === '') return [requiredValue('spec.schedule')];
  if (schedule.startsWith('@')) return [];
  const fields = schedule.trim().split(/\s+/);
  if (fields.length === 5) return [];
  return [
    invalidValue(
      'spec.schedule',
      schedule,
      `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`,
    ),
  ];
}

function autoscalerCauses(spec: JsonObject): FieldCause[] {
  const { minReplicas: min = 1, maxReplicas: max = 0 } = spec;
  const causes: FieldCause[] = [];
  if (typeof max !== 'number' || typeof min !== 'number') return causes;
  if (min < 1) causes.push(invalidValue('spec.minReplicas', min, 'must be greater than or equal to 1'));
  if (max < 1) causes.push(invalidValue('spec.maxReplicas', max, 'must be greater than 0'));
  if (max < min)
    causes.push(invalidValue('spec.maxReplicas', max, 'must be greater than or equal to `minReplicas`'));
  return causes;
}

function serviceCauses(spec: JsonObject): FieldCause[] {
  const ports = spec['ports'];
  if (spec['type'] === 'ExternalName' || spec['clusterIP'] === 'None') return [];
  if (!Array.isArray(ports) || ports.length === 0) return [requiredValue('spec.ports')];
  return ports.flatMap((port, index) => {
    const number = isJsonObject(port) ? port['port'] : undefined;
    if (typeof number === 'number' && number >= 1 && number <= 65535) return [];
    return [invalidValue(`spec.ports[${index}].port`, number ?? 0, 'must be between 1 and 65535, inclusive')];
  });
}

function immutableCauses(object: KubeObject, previous: KubeObject | null): FieldCause[] {
  if (previous?.['immutable'] !== true || equalJson(object['data'], previous['data'])) return [];
  return [
    {
      reason: 'FieldValueForbidden',
      message: 'Forbidden: field is immutable when `immutable` is set',
      field: 'data',
    },
  ];
}
