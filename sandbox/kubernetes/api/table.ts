import { ApiError } from '../api-error';
import type { JsonObject, KubeObject } from '../store';
import type { ApiContext } from './context';
import type { Served } from './render';
import type { ApiRequest } from './request';
import { columnsOf } from './table-columns';

export type Shape = 'json' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';

/**
 * What the Accept header asks for: the first alternative that this server can give. Protobuf and YAML
 * count only when JSON stands beside them. Throws 406 when nothing fits.
 */
export function acceptFor(request: ApiRequest): Shape {
  const accept = request.headers.accept ?? '*/*';
  for (const alternative of accept.split(',')) {
    const [media = '', ...parameters] = alternative.split(';').map((part) => part.trim());
    if (!['application/json', '*/*', 'application/*'].includes(media)) continue;
    const as = parameters.find((parameter) => parameter.startsWith('as='))?.slice(3);
    if (as === undefined) return 'json';
    if (as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return as;
  }
  const available = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
  throw new ApiError(
    406,
    'NotAcceptable',
    `406: Not Acceptable\n\nAvailable representations: ${available}`,
    {},
  );
}

/** An object's metadata alone, as text. */
export function partialText(object: KubeObject): string {
  return `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":${JSON.stringify(object.metadata)}}`;
}

/** The meta.k8s.io/v1 Table that kubectl get prints; `withColumns` is false for later events of a watch. */
export function tableText(
  ctx: ApiContext,
  served: Served,
  objects: KubeObject[],
  meta: JsonObject,
  withColumns: boolean,
): string {
  const columns = columnsOf(served.type.kind);
  const definitions = columns.map(({ name, type, priority, description }) => ({
    name,
    type,
    format: name === 'Name' ? 'name' : '',
    description,
    priority,
  }));
  const rows = objects.map((object) => {
    const cells = JSON.stringify(columns.map((column) => column.cell(object, ctx.now())));
    return `{"cells":${cells},"object":${partialText(object)}}`;
  });
  const head = `{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":${JSON.stringify(meta)}`;
  return `${head},"columnDefinitions":${withColumns ? JSON.stringify(definitions) : 'null'},"rows":[${rows.join(',')}]}`;
}
