/**
 * The object store between the API machinery (HTTP, verbs, watches) and the controllers. Both sides see
 * only this: controllers never speak HTTP, the machinery never decides what a rollout does.
 */

/** Plain JSON of a Kubernetes object; readers narrow it with their own zod schema or the accessors in object.ts. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export type ObjectMeta = {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: { [key: string]: string };
  annotations?: { [key: string]: string };
  generateName?: string;
  finalizers?: string[];
  ownerReferences?: {
    apiVersion: string;
    kind: string;
    name: string;
    uid: string;
    controller?: boolean;
    blockOwnerDeletion?: boolean;
  }[];
  managedFields?: ManagedFields[];
};

/** Which members of an object a client wrote, and when last: one entry for each manager and subresource. */
export type ManagedFields = {
  manager: string;
  operation: 'Update';
  apiVersion: string;
  /** metav1.Time */
  time: string;
  fieldsType: 'FieldsV1';
  fieldsV1: JsonObject;
  subresource?: string;
};

export type KubeObject = {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec?: JsonObject;
  status?: JsonObject;
  [key: string]: Json | ObjectMeta | undefined;
};

export type StoreEvent = {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: KubeObject;
  previous: KubeObject | null;
};

/** Resource names are the plural with its group: `pods`, `deployments.apps`, `virtualservices.networking.istio.io`. */
export type ResourceName = string;

/** What controllers may do. Every write is serialised, stamped with a new resourceVersion and sent to subscribers. */
export type Store = {
  /** The stored object itself, frozen: `change` is the way to a copy. */
  get(resource: ResourceName, namespace: string | null, name: string): KubeObject | null;
  /** Sorted by namespace and name; frozen objects. */
  list(resource: ResourceName, namespace?: string | null): KubeObject[];
  /** Assigns uid, resourceVersion, creationTimestamp and generation 1; throws ApiError AlreadyExists. */
  create(resource: ResourceName, object: NewObject): KubeObject;
  /**
   * Read-modify-write without a conflict check (single process): `change` gets a deep copy and returns the
   * new object or null for no change. Returns what is stored afterwards, null when there is no such object. A changed spec raises generation; an unchanged result writes nothing.
   */
  change(
    resource: ResourceName,
    namespace: string | null,
    name: string,
    change: (object: KubeObject) => KubeObject | null,
  ): KubeObject | null;
  /** Removes the object now (no grace); nothing when it is not there. */
  remove(resource: ResourceName, namespace: string | null, name: string): void;
  subscribe(listener: (resource: ResourceName, event: StoreEvent) => void): () => void;
};

export type NewObject = {
  apiVersion: string;
  kind: string;
  metadata: Partial<ObjectMeta> & { name: string };
  spec?: JsonObject;
  status?: JsonObject;
  [key: string]: Json | (Partial<ObjectMeta> & { name: string }) | undefined;
};
