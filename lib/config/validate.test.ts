import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { resolveFiles } from './files';
import { formatProblem } from './problem';
import { distance, nearest } from './suggest';
import { validateConfig } from './validate';

const example = fs.readFileSync(path.resolve(import.meta.dirname, '../../signalbox.example.yaml'), 'utf8');
const problemsOf = (text: string) => validateConfig(text, 'signalbox.yaml').problems.map(formatProblem);
/** The example with one text replaced; the text must be there, and once is enough. */
function edited(find: string, replacement: string): string {
  if (!example.includes(find)) throw new Error(`The example does not hold ${find}`);
  return example.replace(find, replacement);
}

test('the example is valid and says every default as it is', () => {
  const { config, problems } = validateConfig(example, 'signalbox.example.yaml');
  expect(problems).toEqual([]);
  const bare = parseDocument(example);
  for (const key of ['timing', 'guard', 'strategies', 'retention']) bare.delete(key);
  const { config: defaults } = validateConfig(bare.toString(), 'bare.yaml');
  expect([config?.timing, config?.guard, config?.strategies, config?.retention]).toEqual([
    defaults?.timing,
    defaults?.guard,
    defaults?.strategies,
    defaults?.retention,
  ]);
});

test.each([
  ['a misspelt key', 'lease: 30s', 'leese: 30s', 'timing: the key leese is unknown. Did you mean lease?'],
  [
    'a key that is nowhere',
    'version: 1',
    'version: 1\ncolour: blue',
    /^signalbox.yaml:\d+:1: the key colour is unknown\. Use one of version, name/,
  ],
  [
    'a misspelt link',
    'runbook: https',
    'runbok: https',
    'services[0].links: the key runbok is unknown. Did you mean runbook?',
  ],
  [
    'a wrong type',
    'tier: 1 #',
    'tier: high #',
    'services[0].tier: "high" is of the wrong type. Expected: a number.',
  ],
  [
    'a password in a URL, which is not repeated',
    'url: https://loki.example.com',
    'url: https://reader:s3cret@loki.example.com',
    /sources\.loki\[0\]\.url: a user or a password may not stand in a URL\.(?!.*s3cret)/,
  ],
  [
    'tiers of the watch in the wrong order',
    'watchTiers: [15m, 1h, 4h, 24h, 7d]',
    'watchTiers: [15m, 1h, 1h]',
    /timing\.watchTiers\[2\]: must be longer than the one before it\./,
  ],
  [
    'a credential among the headers, which is not repeated',
    '{ X-Scope-OrgID: production }',
    '{ Authorization: Bearer s3cret }',
    /sources\.prometheus\[0\]\.headers: the key Authorization is not valid\. It must carry no credential: use bearerToken or basicAuth\.(?!.*s3cret)/,
  ],
  [
    'a header name that no request can have',
    '{ X-Scope-OrgID: production }',
    '{ "X Scope": production }',
    /headers: the key X Scope is not valid\. It must be the name of an HTTP header/,
  ],
  [
    'a header of two lines',
    '{ X-Scope-OrgID: production }',
    '{ X-Scope-OrgID: "production\\r\\nX-Other: 1" }',
    /headers\.X-Scope-OrgID: the value must be one line of text/,
  ],
  ['a missing key', 'owner: fraiseql\n', '\n', 'services[0].owner: is missing. Expected: a text.'],
  [
    'no duration',
    'watch: 30m',
    'watch: soon',
    'timing.watch: "soon" must be a duration such as 30s, 5m, 4h or 30d.',
  ],
  [
    'an unknown role',
    'signOffs: [engineering_lead]',
    'signOffs: [enginering_lead]',
    'policies[2].signOffs[0]: "enginering_lead" is not allowed. Did you mean engineering_lead?',
  ],
  ['no URL', 'url: https://loki.example.com', 'url: loki', /sources\.loki\[0\]\.url: .* Expected: Base URL/],
  [
    'an ftp link',
    'runbook: https:',
    'runbook: ftp:',
    /services\[0\]\.links\.runbook: "ftp:.*must be an http or https URL/,
  ],
  [
    'a secret in the file',
    'password: { env: LOKI_PASSWORD }',
    'password: hunter2',
    /sources\.loki\[0\]\.basicAuth\.password: (?!.*hunter2)/,
  ],
  [
    'a misspelt key in one of two forms',
    '{ kubeconfig: secrets/web.kubeconfig',
    '{ kubeconfg: secrets/web.kubeconfig',
    'clusters[0].web: the key kubeconfg is unknown. Did you mean kubeconfig?',
  ],
  ['another version', 'version: 1', 'version: 2', 'version: 2 is not allowed. Use one of 1.'],
  [
    'an objective of 100',
    '"99.95"',
    '"100"',
    /slos\[0\]\.objective: "100" must be below 100: at 100 % there is no error budget, and a burn rate would divide/,
  ],
  [
    'a region that is not there',
    'cluster: us-east-1\n          namespace: fraiseql\n',
    'cluster: us-east-2\n          namespace: fraiseql\n',
    'services[0].placements.production[0].cluster: the cluster us-east-2 does not exist. Did you mean us-east-1?',
  ],
  [
    'a cluster of another region',
    '{ region: eu-west-1, cluster: eu-west-1',
    '{ region: eu-west-1, cluster: us-east-1',
    /the cluster us-east-1 is in region us-east-1, not in eu-west-1\. Use eu-west-1/,
  ],
  [
    'an environment that is not there',
    '      staging:',
    '      stagin:',
    'services[0].placements: the environment stagin does not exist. Did you mean staging?',
  ],
  [
    'an unknown service of an SLO',
    'service: fraiseql-api\n    name: Availability',
    'service: fraisql-api\n    name: Availability',
    'slos[0].service: the service fraisql-api does not exist. Did you mean fraiseql-api?',
  ],
  [
    'an id that is used twice',
    'id: eu-west-1, name',
    'id: us-east-1, name',
    /regions\[1\]\.id: the region us-east-1 is defined twice/,
  ],
  [
    'an uncovered deploy',
    'environments: ["*"], services',
    'environments: [production], services',
    /no policy covers a deploy of fraiseql-api in staging/,
  ],
  [
    'a policy for nobody',
    'services: ["*"] }\n    requesterRoles: [sre]\n    signOffs: [engineering_lead, devops',
    'services: [nobody] }\n    requesterRoles: [sre]\n    signOffs: [engineering_lead, devops',
    /policies\[1\]\.match\.services\[0\]: the service nobody does not exist/,
  ],
  [
    'a weaker production',
    'signOffs: [engineering_lead]',
    'signOffs: [engineering_lead, devops_lead, cto]',
    /policies\[1\]\.signOffs: production of fraiseql-api needs 2 sign-offs, but staging needs 3/,
  ],
  [
    'one role that signs twice',
    'signOffs: [engineering_lead, devops_lead]',
    'signOffs: [engineering_lead, engineering_lead]',
    /policies\[1\]\.signOffs\[1\]: the role engineering_lead signs twice/,
  ],
  [
    'a stakeholder who signs',
    'signOffs: [engineering_lead, devops_lead]',
    'signOffs: [stakeholder, devops_lead]',
    /the role stakeholder does not sign changes/,
  ],
  [
    'a heartbeat longer than stopActing',
    'heartbeat: 5s',
    'heartbeat: 25s',
    /timing\.heartbeat: heartbeat \(25 s\) must be shorter than stopActing \(20 s\)/,
  ],
  [
    'a worker that acts past its lease',
    'stopActing: 20s',
    'stopActing: 29s',
    /callTimeout \+ stopActing \(37 s\) must be shorter than lease \(30 s\)/,
  ],
  [
    'a slow cluster call',
    'timeout: 8s\n  - id: eu-west-1',
    'timeout: 12s\n  - id: eu-west-1',
    /clusters\[0\]\.timeout: timeout \(12 s\) must be shorter/,
  ],
  [
    'two kinds of sign-in',
    'bearerToken: {',
    'basicAuth: { username: a, password: { env: B } }\n      bearerToken: {',
    /a source cannot have both bearerToken and basicAuth/,
  ],
  ['broken YAML', 'environments:\n', 'environments\n', /not valid YAML/],
  ['a duplicate key', 'name: Signalbox #', 'name: Two\nname: Signalbox #', /not valid YAML: .*unique/],
])('%s is named with what would be right', (_name, find, replacement, expected) => {
  const problems = problemsOf(edited(find, replacement));
  const fits = (problem: string) =>
    typeof expected === 'string' ? problem.endsWith(`: ${expected}`) : expected.test(problem);
  expect(problems.filter(fits), problems.join('\n')).toHaveLength(1);
});

test('line and column are those of the wrong key or value', () => {
  const text = edited('lease: 30s', 'leese: 30s');
  const line = text.split('\n').findIndex((row) => row.includes('leese:')) + 1;
  expect(validateConfig(text, 'f.yaml').problems).toMatchObject([{ file: 'f.yaml', line, column: 3 }]);
  const value = edited('tier: 1 #', 'tier: high #');
  const row = value.split('\n').findIndex((candidate) => candidate.includes('tier: high'));
  expect(validateConfig(value, 'f.yaml').problems).toMatchObject([{ line: row + 1, column: 11 }]);
});

test('all problems are told at once, in the order of the file', () => {
  const text = edited('lease: 30s', 'leese: 30s')
    .replace('tier: 1 #', 'tier: high #')
    .replace('version: 1', 'version: 7');
  const lines = validateConfig(text, 'f.yaml').problems.map(({ line }) => line);
  expect(lines).toHaveLength(3);
  expect(lines).toEqual([...lines].sort((left, right) => left - right));
});

test.each([[''], ['[]'], ['just text'], ['null'], ['a: &a [*a, *a]'], ['\t'], ['%YAML 9'], ['--- 1\n--- 2']])(
  'the document %j is refused without a crash',
  (text) => {
    expect(problemsOf(text).length).toBeGreaterThan(0);
  },
);

test('aliases that multiply are refused', () => {
  const bomb = [
    'a0: &a0 [x,x,x,x,x,x,x,x,x]',
    ...Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(',')}]`),
  ].join('\n');
  expect(problemsOf(bomb).join()).toMatch(/aliases/);
});

test('any damage to the example gives problems or a valid configuration, never a crash', () => {
  let cases = 0;
  fc.assert(
    fc.property(fc.nat(example.length - 1), fc.nat(12), fc.string({ maxLength: 6 }), (at, removed, added) => {
      cases += 1;
      const checked = validateConfig(example.slice(0, at) + added + example.slice(at + removed), 'f.yaml');
      expect(checked.config === null).toBe(checked.problems.length > 0);
      for (const problem of checked.problems) expect(problem.line).toBeGreaterThanOrEqual(1);
    }),
    { numRuns: 150 },
  );
  expect(cases).toBe(150);
});

test('relative files start at the folder of the configuration, absolute ones stay', () => {
  const { config } = validateConfig(edited('secrets/ca.pem', '/etc/ca.pem'), 'signalbox.yaml');
  if (config === null) throw new Error('not valid');
  const { clusters, sources, status } = resolveFiles(config, '/etc/signalbox');
  expect(clusters[0]?.web).toMatchObject({ kubeconfig: '/etc/signalbox/secrets/web.kubeconfig' });
  expect(clusters[1]?.web).toEqual({ inCluster: true });
  expect(sources.prometheus[0]).toMatchObject({
    caFile: '/etc/ca.pem',
    bearerToken: { file: '/etc/signalbox/secrets/prometheus.token' },
  });
  expect(sources.alertmanager[0]?.clientCertificate?.keyFile).toBe('/etc/signalbox/secrets/client.key');
  expect(status.directory).toBe('/etc/signalbox/published-status');
});

test('the nearest name is found across swaps, drops and doubles, and a far one is not offered', () => {
  const known = ['production', 'staging', 'us-east-1'];
  for (const typed of ['prodution', 'porduction', 'productionn', 'PRODUCTION'])
    expect(nearest(typed, known)).toBe('production');
  expect(nearest('us-esat-1', known)).toBe('us-east-1');
  expect(nearest('zebra', known)).toBeNull();
  expect([distance('', 'abc'), distance('abc', 'abc'), distance('ab', 'ba')]).toEqual([3, 0, 1]);
});
