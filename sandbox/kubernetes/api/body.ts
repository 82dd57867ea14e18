import { parse as parseYaml } from 'yaml';
import { ApiError, badRequest } from '../api-error';
import { isJsonObject } from '../object';
import type { Json, JsonObject } from '../store';
import type { ApiRequest } from './request';

/** Media type of the body without parameters; the API server takes a body without one as JSON. */
export function contentType(request: ApiRequest): string {
  return (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';
}

function isYaml(type: string): boolean {
  return type === 'application/yaml' || type === 'application/apply-patch+yaml';
}

/** The object in a create or update. `kind` words the error for a body that is none. */
export function decodeObject(request: ApiRequest, kind: string): JsonObject {
  const type = contentType(request);
  if (type !== 'application/json' && type !== 'application/yaml') {
    const accepted = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
    throw unsupportedMedia(
      `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
    );
  }
  const text = request.body.toString('utf8');
  let value: unknown;
  try {
    value = isYaml(type) ? parseYaml(text) : JSON.parse(text);
  } catch {
    const why = text === '' ? 'unexpected end of JSON input' : goSyntaxError(text);
    const shown = text === '' ? '<empty>' : text.slice(0, 100);
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${why} (${shown})`,
    );
  }
  if (!isJsonObject(value)) throw badRequest(`the object provided is unrecognized (must be of type ${kind})`);
  return value;
}

/** The patch document; text that does not parse is 400 in the words of the Go decoder. */
export function decodePatch(request: ApiRequest): Json {
  const text = request.body.toString('utf8');
  try {
    return isYaml(contentType(request)) ? parseYaml(text) : JSON.parse(text);
  } catch {
    throw badRequest(
      `error decoding patch: ${text === '' ? 'unexpected end of JSON input' : goSyntaxError(text)}`,
    );
  }
}

/** An optional body, such as DeleteOptions; null when there is none. */
export function decodeOptional(request: ApiRequest): JsonObject | null {
  if (request.body.length === 0) return null;
  return decodeObject(request, 'DeleteOptions');
}

export function unsupportedMedia(message: string, empty = false): ApiError {
  return new ApiError(415, 'UnsupportedMediaType', message, empty ? {} : undefined);
}

/** The two sentences of Go's JSON decoder that clients meet most: a wrong first character and a wrong key. */
function goSyntaxError(text: string): string {
  const inner = /^\s*\{\s*([^"}\s])/.exec(text);
  if (inner) return `invalid character '${inner[1]}' looking for beginning of object key string`;
  const first = /^\s*([^\s{["\d])/.exec(text);
  if (first) return `invalid character '${first[1]}' looking for beginning of value`;
  return 'unexpected end of JSON input';
}
