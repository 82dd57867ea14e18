import { ApiError } from '../api-error';
import { groupVersion } from '../resources';
import type { JsonObject, KubeObject } from '../store';
import type { ApiContext } from './context';
import { invalidListOptions } from './list';
import { objectText, type Served, servedApiVersion } from './render';
import type { Reply } from './reply';
import { type ApiRequest, isTrue, type ResourceRequest } from './request';
import { fieldMatcher, labelMatcher } from './selectors';
import { OpenWatch, type WatchSpec, watchExpired } from './watch-hub';

/** Without timeoutSeconds a real server ends a watch after 30 to 60 minutes. */
const DEFAULT_TIMEOUT_S = 45 * 60;
const MAX_TIMER_S = 2_000_000;

/**
 * Opens a watch. From a resourceVersion that is forgotten: 200, one ERROR event with a 410 Status, end.
 * Without one (or 0): ADDED for what exists, then changes. From the future: silence.
 */
export function openWatch(
  ctx: ApiContext,
  request: ApiRequest,
  served: Served,
  target: ResourceRequest,
  render?: (object: KubeObject) => string,
): Reply {
  const { query } = request;
  const matchLabels = labelMatcher(query.get('labelSelector'));
  const matchFields = fieldMatcher(served.type, query.get('fieldSelector'));
  const namespace = served.type.namespaced ? target.namespace : null;
  const from = fromVersion(query);
  const initial = initialEvents(query);
  const spec: WatchSpec = {
    resource: served.type.id,
    path: request.info.path,
    account: request.account,
    matches: (object) =>
      (namespace === null || object.metadata.namespace === namespace) &&
      (target.name === null || object.metadata.name === target.name) &&
      (!matchLabels || matchLabels(object)) &&
      (!matchFields || matchFields(object)),
    render: render ?? ((object) => objectText(object, served)),
    bookmark: (resourceVersion, initialEventsEnd) => bookmark(served, resourceVersion, initialEventsEnd),
    allowBookmarks: isTrue(query.get('allowWatchBookmarks') ?? 'false'),
    after: from === 0 ? ctx.store.resourceVersion : from,
  };
  const timeout = Number(query.get('timeoutSeconds') ?? DEFAULT_TIMEOUT_S) || DEFAULT_TIMEOUT_S;
  return {
    kind: 'stream',
    start: (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      const watch = new OpenWatch(spec, response);
      const close = ctx.watches.add(watch);
      const timers = [setTimeout(() => watch.end(), Math.min(timeout, MAX_TIMER_S) * 1000)];
      if (spec.allowBookmarks) timers.push(...bookmarkTimers(ctx, watch, timeout));
      response.on('close', () => {
        close();
        for (const timer of timers) clearTimeout(timer);
      });
      begin(ctx, watch, from, initial);
    },
  };
}

/** On a beat, and once two seconds before the end. */
function bookmarkTimers(ctx: ApiContext, watch: OpenWatch, timeout: number): NodeJS.Timeout[] {
  const send = (): void => watch.sendBookmark(ctx.store.resourceVersion);
  const beat = setInterval(send, ctx.timing.bookmarkMs);
  return timeout > 2 ? [beat, setTimeout(send, Math.min(timeout - 2, MAX_TIMER_S) * 1000)] : [beat];
}

function begin(ctx: ApiContext, watch: OpenWatch, from: number, initial: boolean): void {
  const { spec } = watch;
  if (from === 0 || initial) {
    for (const object of ctx.store.list(spec.resource)) {
      if (spec.matches(object)) watch.send('ADDED', spec.render(object));
    }
    if (initial && spec.allowBookmarks) watch.sendBookmark(ctx.store.resourceVersion, true);
    return;
  }
  const events = ctx.store.eventsSince(spec.resource, from);
  if (!events) {
    watch.fail(watchExpired(spec.resource, from, ctx.store.oldestWatchable(spec.resource)));
    return;
  }
  for (const { resourceVersion, event } of events) watch.offer(event, resourceVersion);
}

/** 0 stands for "no resourceVersion given": begin with what exists. */
function fromVersion(query: URLSearchParams): number {
  const text = query.get('resourceVersion') ?? '';
  if (text === '' || isInitial(query)) return 0;
  if (!/^\d+$/.test(text)) {
    // A real server answers a plain 500 here, where a list answers 400.
    throw new ApiError(
      500,
      undefined,
      `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
    );
  }
  return Number(text);
}

function isInitial(query: URLSearchParams): boolean {
  return isTrue(query.get('sendInitialEvents') ?? 'false');
}

function initialEvents(query: URLSearchParams): boolean {
  if (!isInitial(query)) return false;
  if (query.get('resourceVersionMatch') !== 'NotOlderThan') {
    throw invalidListOptions(
      'resourceVersionMatch',
      'FieldValueForbidden',
      'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    );
  }
  return true;
}

/** A husk with a resourceVersion; built-in kinds with a pod template show their zero values. */
function bookmark(served: Served, resourceVersion: string, initialEventsEnd: boolean): JsonObject {
  const metadata: JsonObject = {
    resourceVersion,
    ...(initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
  };
  const { type } = served;
  if (type.custom) return { apiVersion: servedApiVersion(served), kind: type.kind, metadata };
  const head = { kind: type.kind, apiVersion: groupVersion(served.group, served.version), metadata };
  const husk = HUSKS[type.kind];
  return husk ? { ...head, ...husk } : head;
}

const TEMPLATE: JsonObject = { metadata: {}, spec: { containers: null } };

const HUSKS: { [kind: string]: JsonObject } = {
  Pod: { spec: { containers: null }, status: {} },
  Deployment: { spec: { selector: null, template: TEMPLATE, strategy: {} }, status: {} },
  ReplicaSet: { spec: { selector: null, template: TEMPLATE }, status: { replicas: 0 } },
  Service: { spec: {}, status: { loadBalancer: {} } },
  EndpointSlice: { endpoints: null, ports: null, addressType: '' },
};
