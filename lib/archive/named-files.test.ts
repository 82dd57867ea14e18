import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { resolveFiles } from '@/lib/config/files';
import { validateConfig } from '@/lib/config/validate';
import { archivedName, namedFiles } from './named-files';

const example = fs.readFileSync(path.resolve(import.meta.dirname, '../../signalbox.example.yaml'), 'utf8');

const ofExample = ['/etc/signalbox/secrets/client.pem'];

/** The example, whose registry has a certificate, with a source that has every sort of credential. */
function configured(isPlain = false) {
  const document = parseDocument(example);
  if (isPlain) return read(document);
  const source = document.toJS().sources.prometheus[0];
  document.setIn(['sources', 'prometheus', 0], {
    id: source.id,
    url: source.url,
    caFile: 'tls/ca.pem',
    clientCertificate: { certFile: '/etc/tls/client.pem', keyFile: '/etc/tls/client.key' },
    basicAuth: { username: 'signalbox', password: { env: 'METRICS_PASSWORD' } },
  });
  return read(document);
}

function read(document: ReturnType<typeof parseDocument>) {
  const { config, problems } = validateConfig(document.toString(), 'signalbox.yaml');
  if (config === null) throw new Error(JSON.stringify(problems));
  return resolveFiles(config, '/etc/signalbox');
}

test('certificates belong into an archive, and of a secret only its name', () => {
  const { files, secrets } = namedFiles(configured());
  expect(files).toEqual([...ofExample, '/etc/signalbox/tls/ca.pem', '/etc/tls/client.pem']);
  expect(secrets).toEqual(
    expect.arrayContaining([
      '$METRICS_PASSWORD',
      '/etc/tls/client.key',
      '/etc/signalbox/secrets/fraiseql-us.url',
    ]),
  );
  expect(secrets).toEqual([...new Set(secrets)].toSorted());
});

test('every file below secrets/ of the example counts as secret', () => {
  const named = [...example.matchAll(/file: (secrets\/[\w.-]+)/g)].map(
    ([, file]) => `/etc/signalbox/${file}`,
  );
  expect(named.length).toBeGreaterThan(2);
  expect(namedFiles(configured(true)).secrets).toEqual(expect.arrayContaining(named));
});

test('a certificate that is also named as a secret is one', () => {
  const config = configured();
  const [webhook] = config.notifications.webhooks;
  if (webhook === undefined) throw new Error('The example has no webhook.');
  const both = {
    ...config,
    notifications: { webhooks: [{ ...webhook, url: { file: '/etc/signalbox/tls/ca.pem' } }] },
  };
  expect(namedFiles(both).files).toEqual([...ofExample, '/etc/tls/client.pem']);
});

test.each([
  ['/etc/signalbox/tls/ca.pem', 'tls/ca.pem'],
  ['/etc/ssl/ca.pem', 'elsewhere/etc/ssl/ca.pem'],
  ['/etc/signalbox-other/ca.pem', 'elsewhere/etc/signalbox-other/ca.pem'],
])('%s lies in the archive as %s', (file, name) => {
  expect(archivedName(file, '/etc/signalbox')).toBe(name);
});
