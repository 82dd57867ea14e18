import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkReferences } from '@/lib/config/references';
import { Config } from '@/lib/config/schema';
import { copiedDatabases, demoDatabases } from './databases';
import { demoConfig } from './signalbox.yaml';

const urls = {
  kubernetes: { 'us-east-1': 'https://127.0.0.1:1', 'eu-west-1': 'https://127.0.0.1:2' },
  loki: 'http://127.0.0.1:3',
  prometheus: 'http://127.0.0.1:4',
  alertmanager: 'http://127.0.0.1:5',
  control: 'http://127.0.0.1:6',
  metrics: 'http://127.0.0.1:7',
  registry: 'http://127.0.0.1:8',
};

test('the configuration of the demo is valid and refers to nothing that does not exist', () => {
  const config = Config.parse(parse(demoConfig(urls, '/data')));
  expect(checkReferences(config)).toEqual([]);
  expect(config.services.map(({ id }) => id)).toEqual([
    'fraiseql-api',
    'fraiseql-observers',
    'architect-api',
  ]);
  expect(config.timing.demo).toBe(true);
});

test('the Architect Dashboard API needs all six leads in production, the others two, and staging one', () => {
  const { policies } = Config.parse(parse(demoConfig(urls, '/data')));
  expect(policies.map(({ signOffs }) => signOffs.length)).toEqual([6, 1, 1, 4, 2, 1, 1]);
});

test('each service of production runs in a pair whose blue is the Deployment it always had, staging in none', () => {
  const { services, strategies } = Config.parse(parse(demoConfig(urls, '/data')));
  const kinds = services.map(({ placements: { production = [], staging = [] } }) => {
    expect(staging.map(({ pair }) => pair)).toEqual([undefined]);
    expect(production.map(({ pair }) => pair?.blue.deployment)).toEqual(
      production.map(({ deployment }) => deployment),
    );
    return production.map(({ pair }) => pair?.traffic.kind);
  });
  expect(kinds).toEqual([
    ['virtual-service', 'virtual-service'],
    ['http-route', 'http-route'],
    ['service', 'service'],
  ]);
  expect(strategies.canary).toEqual([
    { weight: 5, hold: 30 },
    { weight: 25, hold: 30 },
  ]);
});

test('each service has a database in each region of production, and its URL in a file', () => {
  const text = demoConfig(urls, '/data', undefined, (id) => `/secrets/${id}.url`);
  const config = Config.parse(parse(text));
  expect(checkReferences(config)).toEqual([]);
  expect(config.databases.map(({ id }) => id)).toEqual(demoDatabases.map(({ id }) => id));
  expect(config.databases).toHaveLength(6);
  expect(text).not.toContain('postgresql:');
  expect(config.databases.map(({ url }) => url)).toEqual(
    demoDatabases.map(({ id }) => ({ file: `/secrets/${id}.url` })),
  );
});

test('copies are made of the databases of one region, with every secret in a file', () => {
  const copies = {
    tools: '/tools',
    scratch: '/secrets/scratch.url',
    urlFile: (id: string) => `/secrets/copies-${id}.url`,
    restoreFile: (id: string) => `/secrets/restore-${id}.url`,
    folder: (id: string) => `/copies/${id}`,
  };
  const text = demoConfig(urls, '/data', undefined, (id) => `/secrets/${id}.url`, copies);
  const config = Config.parse(parse(text));
  expect(checkReferences(config)).toEqual([]);
  const copied = config.databases.filter(({ backup }) => backup !== undefined);
  expect(copied.map(({ id }) => id).sort()).toEqual(copiedDatabases.map(({ id }) => id).sort());
  expect(copied.map(({ region }) => region)).toEqual(Array(3).fill('us-east-1'));
  expect(config.databases.filter(({ restore }) => restore !== undefined)).toEqual(copied);
  expect(copied.filter(({ backup }) => backup?.drill !== undefined)).toHaveLength(1);
  expect(text).not.toContain('postgresql:');
  expect(config.backups.tools).toBe('/tools');
});
