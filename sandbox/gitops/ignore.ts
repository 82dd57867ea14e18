import { cloneJson, isJsonObject } from '../kubernetes/object';
import type { Json, JsonObject } from '../kubernetes/store';

/** One entry of spec.ignoreDifferences of an Application. */
export type Ignore = {
  kind: string;
  name?: string | undefined;
  jsonPointers?: string[] | undefined;
  jqPathExpressions?: string[] | undefined;
};

type Step = { key: string } | { every: true };

/** `/spec/replicas` and jq paths of the form `.spec.http[].route[].weight`; anything else ignores nothing. */
function stepsOf(ignore: Ignore): Step[][] {
  const pointers = (ignore.jsonPointers ?? []).map((pointer) =>
    pointer
      .split('/')
      .slice(1)
      .map((key): Step => ({ key: key.replaceAll('~1', '/').replaceAll('~0', '~') })),
  );
  const paths = (ignore.jqPathExpressions ?? [])
    .filter((path) => /^(\.[A-Za-z_]\w*(\[\])*)+$/.test(path))
    .map((path) =>
      (path.match(/[A-Za-z_]\w*|\[\]/g) ?? []).map(
        (part): Step => (part === '[]' ? { every: true } : { key: part }),
      ),
    );
  return [...pointers, ...paths];
}

/** What an Application ignores of one object. */
export const ignoredPaths = (ignores: readonly Ignore[], object: { kind: string; name: string }): Step[][] =>
  ignores
    .filter(({ kind, name }) => kind === object.kind && (name === undefined || name === object.name))
    .flatMap(stepsOf);

/** A copy without what lies at the paths: for looking whether two objects differ. */
export function withoutPaths(object: JsonObject, paths: readonly Step[][]): JsonObject {
  const copy = cloneJson(object);
  for (const path of paths) at(copy, path, (holder, key) => delete holder[key]);
  return copy;
}

/** A copy of `wanted` with the values of `live` at the paths (RespectIgnoreDifferences). */
export function respecting(wanted: JsonObject, live: JsonObject, paths: readonly Step[][]): JsonObject {
  const copy = cloneJson(wanted);
  for (const path of paths) follow(copy, live, path);
  return copy;
}

/** Both sides are gone down together, lists by place: how the values meet that belong to each other. */
function follow(wanted: Json | undefined, live: Json | undefined, [step, ...rest]: readonly Step[]): void {
  if (step === undefined) return;
  if ('every' in step) {
    if (!Array.isArray(wanted) || !Array.isArray(live)) return;
    for (const [index, item] of wanted.entries()) follow(item, live[index], rest);
    return;
  }
  if (!isJsonObject(wanted) || !isJsonObject(live)) return;
  const value = live[step.key];
  if (rest.length > 0) follow(wanted[step.key], value, rest);
  else if (value === undefined) delete wanted[step.key];
  else wanted[step.key] = cloneJson(value);
}

function at(
  value: Json | undefined,
  [step, ...rest]: readonly Step[],
  act: (holder: JsonObject, key: string) => void,
): void {
  if (step === undefined) return;
  if ('every' in step) {
    if (Array.isArray(value)) for (const item of value) at(item, rest, act);
  } else if (isJsonObject(value)) {
    if (rest.length === 0) act(value, step.key);
    else at(value[step.key], rest, act);
  }
}
