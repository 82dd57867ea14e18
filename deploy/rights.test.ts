import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { validateConfig } from '@/lib/config/validate';
import { JsonObject } from './testing/json';
import { base, deployments, ofKind, readText, selects } from './testing/manifests';

const Rule = z.strictObject({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  verbs: z.array(z.string()),
  resourceNames: z.array(z.string()).optional(),
});
const Role = z.looseObject({ metadata: z.looseObject({ name: z.string() }), rules: z.array(Rule) });
const Binding = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  roleRef: z.strictObject({ apiGroup: z.string(), kind: z.literal('ClusterRole'), name: z.string() }),
  subjects: z.array(z.looseObject({ kind: z.string(), name: z.string(), namespace: z.string().optional() })),
});

const roles = new Map(ofKind('ClusterRole', Role).map((role) => [role.metadata.name, role.rules]));
const bindings = [...ofKind('ClusterRoleBinding', Binding), ...ofKind('RoleBinding', Binding)];
const reading = ['get', 'list', 'watch'];

/** Every rule that a subject is granted anywhere. */
const rulesOf = (kind: string, name: string) =>
  bindings
    .filter(({ subjects }) => subjects.some((subject) => subject.kind === kind && subject.name === name))
    .flatMap(({ roleRef }) => roles.get(roleRef.name) ?? []);
const verbsOf = (rules: z.infer<typeof Rule>[]) => new Set(rules.flatMap(({ verbs }) => verbs));

describe('rights', () => {
  test('every binding leads to a role and to subjects that exist', () => {
    expect(bindings.length).toBeGreaterThan(5);
    for (const { metadata, roleRef, subjects } of bindings) {
      expect(roles.has(roleRef.name), metadata.name).toBe(true);
      for (const { kind, name, namespace } of subjects) {
        if (kind === 'ServiceAccount') {
          expect(namespace).toBe('signalbox');
          expect(deployments.map((one) => one.spec.template.spec.serviceAccountName)).toContain(name);
        } else expect([kind, name]).toEqual(['Group', 'signalbox-operators']);
      }
    }
  });

  test('the web may read and nothing else', () => {
    const rules = rulesOf('ServiceAccount', 'signalbox-web');
    expect(rules.length).toBeGreaterThan(5);
    expect([...verbsOf(rules)].toSorted()).toEqual(reading);
  });

  test('each account may read what the console asks a cluster for, and no more', () => {
    const asked = [
      ...['pods', 'events', 'resourcequotas', 'deployments', 'replicasets', 'statefulsets'],
      ...['horizontalpodautoscalers', 'poddisruptionbudgets', 'jobs', 'cronjobs', 'namespaces'],
      ...['services', 'endpointslices', 'virtualservices', 'httproutes', 'applications'],
    ];
    for (const account of ['signalbox-web', 'signalbox-worker']) {
      const reads = rulesOf('ServiceAccount', account).filter(({ verbs }) => !verbs.includes('impersonate'));
      const own = account === 'signalbox-worker' ? [...asked, 'configmaps'] : asked;
      expect([...new Set(reads.flatMap(({ resources }) => resources))].toSorted(), account).toEqual(
        own.toSorted(),
      );
      const wide = reads.find(({ resources }) => resources.includes('namespaces'));
      expect([wide?.resourceNames, wide?.verbs]).toEqual([['kube-system'], ['get']]);
    }
  });

  test('all the worker may do beside reading is to impersonate, and no group but one', () => {
    const rules = rulesOf('ServiceAccount', 'signalbox-worker');
    expect([...verbsOf(rules)].toSorted()).toEqual(['get', 'impersonate', 'list', 'watch']);
    const acting = rules.filter(({ verbs }) => verbs.includes('impersonate'));
    expect(
      acting.map(({ apiGroups, resources, resourceNames, verbs }) => ({
        apiGroups,
        resources,
        resourceNames,
        verbs,
      })),
    ).toEqual([
      { apiGroups: [''], resources: ['users'], resourceNames: undefined, verbs: ['impersonate'] },
      {
        apiGroups: [''],
        resources: ['groups'],
        resourceNames: ['signalbox-operators'],
        verbs: ['impersonate'],
      },
      {
        apiGroups: ['authentication.k8s.io'],
        resources: ['userextras/signalbox.dev/attempt'],
        resourceNames: undefined,
        verbs: ['impersonate'],
      },
    ]);
  });

  test('the group may patch Deployments, routers and autoscalers and run migrations, namespace by namespace', () => {
    const [first] = bindings.filter(({ roleRef }) => roleRef.name === 'signalbox-operator');
    expect(first?.subjects.map(({ kind, name }) => [kind, name])).toEqual([['Group', 'signalbox-operators']]);
    const rules = roles.get('signalbox-operator') ?? [];
    expect(rules.map(({ apiGroups, resources }) => [...apiGroups, ...resources])).toEqual([
      ['apps', 'deployments'],
      ['', 'services'],
      ['networking.istio.io', 'virtualservices'],
      ['gateway.networking.k8s.io', 'httproutes'],
      ['autoscaling', 'horizontalpodautoscalers'],
      ['', 'configmaps'],
      ['batch', 'jobs'],
      ['', 'pods/log'],
    ]);
    expect(rules.map(({ verbs }) => verbs)).toEqual([
      ...Array.from({ length: 6 }, () => ['get', 'patch']),
      ['get', 'create', 'patch'],
      ['get'],
    ]);
    const known = [...rules, ...(roles.get('signalbox-backup-maker') ?? [])];
    expect(rulesOf('Group', 'signalbox-operators').every((rule) => known.includes(rule))).toBe(true);
    const grants = bindings.filter(({ subjects }) => subjects.some(({ kind }) => kind === 'Group'));
    expect(grants.filter(({ metadata }) => metadata.namespace === undefined)).toEqual([]);
  });

  test('Jobs that make copies are made and deleted in the namespace of backups alone', () => {
    const granted = bindings.filter(({ roleRef }) => roleRef.name === 'signalbox-backup-maker');
    expect(
      granted.map(({ metadata, subjects }) => [metadata.namespace, subjects.map(({ name }) => name)]),
    ).toEqual([['backup', ['signalbox-operators']]]);
    const rules = roles.get('signalbox-backup-maker') ?? [];
    expect(rules.map(({ resources, verbs }) => [resources.join(), verbs.join()])).toEqual([
      ['cronjobs', 'get'],
      ['jobs', 'get,create,delete'],
      ['pods,events', 'list'],
      ['pods/log', 'get'],
    ]);
    // Nothing but copies is made there.
    const others = bindings.filter(({ metadata }) => metadata.namespace === 'backup');
    expect(others.map(({ roleRef }) => roleRef.name)).toEqual(['signalbox-backup-maker']);
  });

  test('nobody reads Secrets, enters a pod, or holds a wildcard', () => {
    const forbidden = /^secrets|\/(exec|attach|portforward|proxy|token)$|^\*$/;
    for (const [name, rules] of roles) {
      for (const { apiGroups, resources, verbs } of rules) {
        expect(
          [...resources, ...apiGroups, ...verbs].filter((word) => forbidden.test(word)),
          name,
        ).toEqual([]);
        const ofJobs: Record<string, string[]> = {
          'signalbox-operator': ['create'],
          'signalbox-backup-maker': ['create', 'delete'],
        };
        expect(
          verbs.filter((verb) => ['escalate', 'bind', 'create', 'delete'].includes(verb)),
          name,
        ).toEqual(resources.join() === 'jobs' ? (ofJobs[name] ?? []) : []);
      }
    }
  });
});

describe('configuration', () => {
  const file = `${base}/signalbox.yaml`;
  const { config, problems } = validateConfig(readText(file), file);

  test('is valid and names the in-cluster accounts', () => {
    expect(problems).toEqual([]);
    expect(config?.clusters.map(({ web, worker }) => [web, worker])).toEqual([
      [{ inCluster: true }, { inCluster: true }],
    ]);
  });

  test('each namespace it names is one that rights are granted in', () => {
    const wanted = config?.services.flatMap(({ placements }) => Object.values(placements).flat());
    for (const role of ['signalbox-reader', 'signalbox-maintenance-reader', 'signalbox-operator']) {
      const granted = bindings
        .filter(({ roleRef }) => roleRef.name === role)
        .map(({ metadata }) => metadata.namespace);
      for (const { namespace } of wanted ?? []) expect(granted).toContain(namespace);
    }
  });

  test('the published status page lies on the volume of web and worker', () => {
    const mounts = deployments.map(({ spec }) =>
      spec.template.spec.containers[0]?.volumeMounts.find(
        ({ mountPath }) => mountPath === config?.status.directory,
      ),
    );
    expect(mounts.map((mount) => mount?.readOnly)).toEqual([true, false]);
  });
});

describe('network', () => {
  const Labels = z.record(z.string(), z.string());
  const Port = z.strictObject({ protocol: z.string(), port: z.union([z.string(), z.int()]) });
  const Peer = z.strictObject({ namespaceSelector: z.strictObject({ matchLabels: Labels }) });
  const Policy = z.looseObject({
    metadata: z.looseObject({ name: z.string() }),
    spec: z.strictObject({
      podSelector: z.strictObject({ matchLabels: Labels.optional() }),
      policyTypes: z.array(z.enum(['Ingress', 'Egress'])),
      ingress: z
        .array(z.strictObject({ from: z.array(Peer).min(1), ports: z.array(Port).min(1) }))
        .optional(),
      egress: z
        .array(z.strictObject({ to: z.array(Peer).optional(), ports: z.array(Port).min(1) }))
        .optional(),
    }),
  });
  const policies = ofKind('NetworkPolicy', Policy);
  const inbound = (name: string) => {
    const labels =
      deployments.find(({ metadata }) => metadata.name === name)?.spec.template.metadata.labels ?? {};
    return policies
      .filter(({ spec }) => spec.ingress !== undefined && selects(spec.podSelector.matchLabels ?? {}, labels))
      .flatMap(({ spec }) => spec.ingress ?? [])
      .flatMap(({ from }) => from.flatMap((peer) => Object.values(peer.namespaceSelector.matchLabels)));
  };

  test('everything is refused that no policy names', () => {
    expect(policies.find(({ metadata }) => metadata.name === 'default-deny')?.spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    });
  });

  test('people reach the web through the ingress; only the monitoring reaches a worker', () => {
    expect(inbound('signalbox-web')).toEqual(['ingress-nginx', 'monitoring']);
    expect(inbound('signalbox-worker')).toEqual(['monitoring']);
  });

  test('what the configuration names can be reached', () => {
    const open = policies
      .flatMap(({ spec }) => spec.egress ?? [])
      .flatMap(({ ports }) => ports.map(({ port }) => port));
    const { sources } = JsonObject.parse(validateConfig(readText(`${base}/signalbox.yaml`), 'x').config);
    const ports = [...JSON.stringify(sources).matchAll(/"url":"(https?):\/\/[^:"/]+(?::(\d+))?/g)].map(
      (match) => Number(match[2] ?? (match[1] === 'https' ? 443 : 80)),
    );
    expect(ports).toHaveLength(3);
    for (const port of [...ports, 53, 443, 5432, 6443]) expect(open).toContain(port);
  });
});

describe('services', () => {
  const ServicePort = z.looseObject({ name: z.string(), port: z.int(), targetPort: z.string().optional() });
  const Service = z.looseObject({
    metadata: z.looseObject({ name: z.string() }),
    spec: z.looseObject({
      selector: z.record(z.string(), z.string()).optional(),
      ports: z.array(ServicePort),
      publishNotReadyAddresses: z.boolean().default(false),
    }),
  });
  const services = ofKind('Service', Service);

  test('each selects the pods of one Deployment, on a port that they open', () => {
    for (const { metadata, spec } of services.filter((one) => one.spec.selector !== undefined)) {
      const hit = deployments.filter((one) =>
        selects(spec.selector ?? {}, one.spec.template.metadata.labels),
      );
      expect(
        hit.map((one) => one.metadata.name),
        metadata.name,
      ).toEqual(['signalbox-web']);
      const opened = hit.flatMap((one) =>
        one.spec.template.spec.containers.flatMap(({ ports }) => ports.map(({ name }) => name)),
      );
      for (const { targetPort } of spec.ports) expect(opened).toContain(targetPort);
    }
  });

  test('the ingress routes to Services that exist, and the status page also to pods that are not ready', () => {
    const Path = z.looseObject({
      path: z.string(),
      backend: z.strictObject({
        service: z.strictObject({ name: z.string(), port: z.strictObject({ name: z.string() }) }),
      }),
    });
    const Ingress = z.looseObject({
      spec: z.looseObject({
        rules: z.array(z.looseObject({ http: z.strictObject({ paths: z.array(Path) }) })),
      }),
    });
    const routes = ofKind('Ingress', Ingress).flatMap(({ spec }) =>
      spec.rules.flatMap(({ http }) => http.paths),
    );
    const target = (path: string) => {
      const name = routes.find((route) => route.path === path)?.backend.service.name;
      return services.find(({ metadata }) => metadata.name === name)?.spec;
    };
    for (const { path, backend } of routes) {
      expect(
        target(path)?.ports.map(({ name }) => name),
        path,
      ).toContain(backend.service.port.name);
    }
    expect(target('/')?.publishNotReadyAddresses).toBe(false);
    expect(target('/status')?.publishNotReadyAddresses).toBe(true);
    expect(target('/metrics')?.selector).toBeUndefined();
  });
});
