import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ObjectStore } from '../object-store';
import { RESOURCES } from '../resources';
import { ACCOUNT_NAMES, type Identity, identityOf } from './identity';
import { installRoles } from './install';
import { authorize } from './rbac';

const store = new ObjectStore();
const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
const NAMESPACES = ['fraiseql', 'fraiseql-staging', 'architect-production', 'architect-staging'];

beforeAll(async () => {
  await installRoles(store, path.join(import.meta.dirname, '../../../deploy/kubernetes'));
});

function may(
  identity: Identity,
  verb: string,
  id: string,
  namespace: string | null,
  name: string | null = null,
): boolean {
  const [full = '', ...groups] = id.split('.');
  const [resource = '', subresource = null] = full.split('/');
  return authorize(store, identity, { verb, group: groups.join('.'), resource, subresource, namespace, name })
    .allowed;
}

describe('the rights that the manifests grant', () => {
  const web = identityOf('signalbox-web');
  const worker = identityOf('signalbox-worker');
  const operator: Identity = {
    user: 'ada',
    groups: ['signalbox-operators', 'system:authenticated'],
    extra: {},
  };

  it('gives the web reads and nothing else, in every namespace and kind', () => {
    const granted = RESOURCES.flatMap((type) =>
      VERBS.filter((verb) => may(web, verb, type.id, 'fraiseql')).map((verb) => `${verb} ${type.id}`),
    );
    expect(granted.filter((grant) => !/^(get|list|watch) /.test(grant))).toEqual([]);
    expect(granted.filter((grant) => /secrets|serviceaccounts|roles|rolebindings/.test(grant))).toEqual([]);
    for (const namespace of NAMESPACES) {
      expect(may(web, 'watch', 'pods', namespace)).toBe(true);
      expect(may(web, 'get', 'pods/log', namespace)).toBe(false);
    }
    expect(may(web, 'list', 'pods', null)).toBe(false);
    expect(may(web, 'list', 'pods', 'default')).toBe(false);
    expect(may(web, 'get', 'namespaces', 'kube-system', 'kube-system')).toBe(true);
  });

  it('gives the worker the same reads and the impersonation of operators alone', () => {
    for (const type of RESOURCES) {
      for (const verb of VERBS) {
        for (const namespace of [null, ...NAMESPACES]) {
          // Whether a service is in maintenance mode is the worker's business alone.
          const isOwn = type.id === 'configmaps' && verb === 'get' && namespace !== null;
          expect(may(worker, verb, type.id, namespace)).toBe(isOwn || may(web, verb, type.id, namespace));
        }
      }
    }
    expect(may(worker, 'impersonate', 'users', null, 'ada@example.com')).toBe(true);
    expect(may(worker, 'impersonate', 'groups', null, 'signalbox-operators')).toBe(true);
    expect(may(worker, 'impersonate', 'groups', null, 'system:masters')).toBe(false);
    expect(may(worker, 'impersonate', 'serviceaccounts', 'kube-system', 'any')).toBe(false);
    expect(may(web, 'impersonate', 'users', null, 'ada@example.com')).toBe(false);
  });

  it('lets operators patch Deployments, routers and autoscalers and create and release Jobs in the four namespaces and nothing more', () => {
    const granted = RESOURCES.flatMap((type) =>
      VERBS.filter((verb) => may(operator, verb, type.id, 'fraiseql')).map((verb) => `${verb} ${type.id}`),
    );
    expect(granted.toSorted()).toEqual(
      [
        'deployments.apps',
        'services',
        'virtualservices.networking.istio.io',
        'httproutes.gateway.networking.k8s.io',
        'horizontalpodautoscalers.autoscaling',
        'configmaps',
      ]
        .flatMap((id) => [`get ${id}`, `patch ${id}`])
        .concat('get jobs.batch', 'create jobs.batch', 'patch jobs.batch')
        .toSorted(),
    );
    expect(NAMESPACES.every((namespace) => may(operator, 'patch', 'deployments.apps', namespace))).toBe(true);
    expect(may(operator, 'patch', 'deployments.apps', 'kube-system')).toBe(false);
    expect(may(operator, 'get', 'pods/log', 'fraiseql')).toBe(true);
    expect(may(operator, 'create', 'jobs.batch', 'kube-system')).toBe(false);
  });

  it('knows three accounts, of which only the admin may do everything', () => {
    expect(
      ACCOUNT_NAMES.filter((account) => may(identityOf(account), 'delete', 'secrets', 'fraiseql')),
    ).toEqual(['admin']);
  });
});
