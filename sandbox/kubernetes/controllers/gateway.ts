import type { JsonObject, KubeObject, ResourceName, StoreEvent } from '../store';
import { type Context, type Controller, RESOURCES } from './context';
import { keyOf, listAt, objectAt, textAt, timestampOf } from './read';

/** A gateway programs its proxies before it says so. */
const REACTION_MS = 150;
const CONTROLLER = 'istio.io/gateway-controller';

/**
 * The gateway's side of HTTPRoutes: status.parents with the conditions Accepted and ResolvedRefs of the generation
 * that is in force. A moment passes after each write, in which the conditions speak of the generation before.
 */
export class GatewayController implements Controller {
  readonly name = 'gateway';
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  adopt(resource: ResourceName, object: KubeObject): void {
    if (resource === RESOURCES.httpRoutes) this.#enqueue(object);
  }

  observe(resource: ResourceName, event: StoreEvent): void {
    if (event.type !== 'DELETED') this.adopt(resource, event.object);
    if (resource !== RESOURCES.services || event.type === 'MODIFIED') return;
    const { namespace } = event.object.metadata;
    const routes = this.#context.index.inNamespace(RESOURCES.httpRoutes, namespace ?? '');
    for (const route of routes) this.#enqueue(route);
  }

  sync(namespace: string | null, name: string): void {
    const { store, clock } = this.#context;
    const route = store.get(RESOURCES.httpRoutes, namespace, name);
    if (!route) return;
    const now = timestampOf(clock.now());
    const missing = backendsOf(route).find((backend) => !store.get(RESOURCES.services, namespace, backend));
    const parents = listAt(route, 'spec', 'parentRefs').map((parentRef) => {
      const parent = textAt(parentRef, 'name') ?? '';
      const isThere =
        textAt(parentRef, 'kind') !== 'Service' || store.get(RESOURCES.services, namespace, parent) !== null;
      return {
        parentRef,
        controllerName: CONTROLLER,
        conditions: [
          this.#condition(route, parentRef, now, {
            type: 'Accepted',
            ok: isThere,
            reason: isThere ? 'Accepted' : 'NoMatchingParent',
            message: isThere ? 'Route was valid' : `parent service ${parent} not found`,
          }),
          this.#condition(route, parentRef, now, {
            type: 'ResolvedRefs',
            ok: missing === undefined,
            reason: missing === undefined ? 'ResolvedRefs' : 'BackendNotFound',
            message: missing === undefined ? 'All references resolved' : `backend(${missing}) not found`,
          }),
        ],
      };
    });
    store.change(RESOURCES.httpRoutes, namespace, name, (object) => ({ ...object, status: { parents } }));
  }

  /** Its own write of status comes round once more and changes nothing then. */
  #enqueue(route: KubeObject): void {
    this.#context.queue.add(this.name, keyOf(route), REACTION_MS);
  }

  #condition(
    route: KubeObject,
    parentRef: JsonObject,
    now: string,
    { type, ok, reason, message }: { type: string; ok: boolean; reason: string; message: string },
  ): JsonObject {
    const status = ok ? 'True' : 'False';
    const before = listAt(route, 'status', 'parents')
      .filter((parent) => textAt(objectAt(parent, 'parentRef'), 'name') === textAt(parentRef, 'name'))
      .flatMap((parent) => listAt(parent, 'conditions'))
      .find((condition) => condition['type'] === type);
    const lastTransitionTime = before?.['status'] === status ? (before['lastTransitionTime'] ?? now) : now;
    const observedGeneration = route.metadata.generation ?? 1;
    return { type, status, reason, message, observedGeneration, lastTransitionTime };
  }
}

const backendsOf = (route: KubeObject): string[] =>
  listAt(route, 'spec', 'rules')
    .flatMap((rule) => listAt(rule, 'backendRefs'))
    .flatMap((backend) => textAt(backend, 'name') ?? []);
