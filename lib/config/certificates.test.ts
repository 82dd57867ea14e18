import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Certificates } from './certificates';
import { formatProblem } from './problem';
import { validateConfig } from './validate';

const example = fs.readFileSync(path.resolve(import.meta.dirname, '../../signalbox.example.yaml'), 'utf8');

test('without a word, what is probed and what cert-manager issued counts, with 30 and 3 days', () => {
  const { expiry, warn, block } = Certificates.parse({});
  expect(expiry.map(({ metric, scope, name }) => [metric, scope, name])).toEqual([
    ['probe_ssl_earliest_cert_expiry', 'service', 'instance'],
    ['certmanager_certificate_expiration_timestamp_seconds', 'namespace', 'name'],
  ]);
  expect([warn, block]).toEqual([30 * 86_400, 3 * 86_400]);
  expect(Certificates.parse({ expiry: [] }).expiry).toEqual([]);
});

test('the example has them spelled out as they are without a word', () => {
  const { config } = validateConfig(example, 'signalbox.yaml');
  expect(config?.services[0]?.certificates).toEqual(Certificates.parse({}));
});

test('a plan is not blocked before it warns', () => {
  expect(example).toContain('      block: 3d');
  const { problems } = validateConfig(
    example.replace('      block: 3d', '      block: 31d'),
    'signalbox.yaml',
  );
  expect(problems.map(formatProblem)).toEqual([expect.stringContaining('must not be longer than warn')]);
});
