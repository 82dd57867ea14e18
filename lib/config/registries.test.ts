import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { resolveFiles } from './files';
import { formatProblem } from './problem';
import { Registry } from './sources';
import { validateConfig } from './validate';

const example = fs.readFileSync(path.resolve(import.meta.dirname, '../../signalbox.example.yaml'), 'utf8');

test.each([
  [
    'two kinds of sign-in',
    '    tokenHosts: [',
    '    bearerToken: { env: TOKEN }\n    tokenHosts: [',
    'a registry cannot have both bearerToken and basicAuth',
  ],
  [
    'a host that stands there twice',
    'registries:\n',
    'registries:\n  - host: registry.example.com\n',
    'the registry registry.example.com is defined twice',
  ],
  [
    'a URL where a host belongs',
    'tokenHosts: [auth',
    'tokenHosts: [https://auth',
    'must be a host such as registry.example.com',
  ],
  [
    'a password in the URL',
    '# url: https://registry',
    'url: https://u:p@registry',
    'a user or a password may not stand in a URL',
  ],
])('%s is named', (_, find, replacement, expected) => {
  expect(example).toContain(find);
  const { problems } = validateConfig(example.replace(find, replacement), 'signalbox.yaml');
  const found = problems.map(formatProblem);
  expect(found.filter((one) => one.includes(expected) && one.includes('registries['))).toHaveLength(1);
});

test('the file of a password starts at the folder of the configuration', () => {
  const { config } = validateConfig(example, 'signalbox.yaml');
  if (config === null) throw new Error('not valid');
  const { registries } = resolveFiles(config, '/etc/signalbox');
  expect(registries[0]?.basicAuth?.password).toEqual({ file: '/etc/signalbox/secrets/registry.password' });
});

test('a host alone is enough', () =>
  expect(Registry.parse({ host: 'docker.io' })).toEqual({
    host: 'docker.io',
    tokenHosts: [],
    headers: {},
    timeout: 8,
  }));
