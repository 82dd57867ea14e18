import { Config } from '@/lib/config/schema';
import type { Answerer, Seen } from '@/lib/sources/testing/answer-server';
import { locate } from '../../placements';
import { testConfig } from '../../testing/config';
import { ServiceSlis } from '../contract';
import { slisOfPlace } from '../read';
import { type SlisAsk, serviceSlisView } from '../view';

/** A service with every series, and one with what each must name. A busy machine must not run into the time-out. */
export function sliConfig(url: string, slis: object = {}, timeout = '30s'): Config {
  const plain = testConfig({ prometheus: url });
  const series = (metric: string) => ({ metric });
  const [shop, mailer] = plain.services;
  return Config.parse({
    ...testInput(url, timeout),
    services: [
      {
        ...shop,
        metrics: {
          ...shop?.metrics,
          gauges: [
            {
              id: 'cpu',
              name: 'CPU',
              unit: 'count',
              kind: 'counter',
              used: series('cpu'),
              limit: series('cpus'),
            },
            { id: 'memory', name: 'Memory', unit: 'ratio', used: series('memory_share') },
          ],
        },
        slis: {
          'disk-io-wait': { waited: series('waited'), all: series('all_seconds'), scope: 'region' },
          connections: { used: series('open'), limit: series('allowed') },
          'cache-hits': { hits: series('hits'), misses: series('misses') },
          ...slis,
        },
      },
      mailer,
    ],
  });
}

/** The parts of the configuration that stand as they were written. */
function testInput(url: string, timeout: string) {
  const access = { kubeconfig: '/nowhere/kubeconfig', context: 'test' };
  return {
    version: 1,
    environments: [{ id: 'production', name: 'Production' }],
    regions: [
      { id: 'us-east-1', name: 'US East' },
      { id: 'eu-west-1', name: 'EU West' },
    ],
    clusters: [{ id: 'test', region: 'us-east-1', web: access, worker: access }],
    sources: {
      prometheus: [{ id: 'main', url, timeout, scrapeInterval: '5s' }],
    },
    slos: [{ id: 'shop-availability', service: 'shop-api', name: 'Availability', objective: '99.95' }],
    policies: [{ id: 'all', match: {}, signOffs: ['engineering_lead'] }],
    status: { environment: 'production' },
  };
}

export type Parts = Record<string, string>;
/** What a Prometheus says of every part: one of each state. */
export const well: Parts = {
  total: '20',
  failed: '0.01',
  'latency-p95': '0.12',
  'latency-p99': '0.7',
  'cpu/used': '1',
  'cpu/limit': '8',
  'memory/value': '0.95',
  'disk-io-wait/waited': '0.06',
  'disk-io-wait/all': '3',
  'connections/used': '60',
  'connections/limit': '100',
  'cache-hits/hits': '88',
  'cache-hits/misses': '12',
};
const body = (data: unknown) => ({ body: JSON.stringify({ status: 'success', data }) });

/** Instant and range queries of the parts, and the same hour of `weeks` earlier weeks at these rates. */
export const answering =
  (parts: Parts, hours: readonly string[] = ['10', '12', '16', '11']): Answerer =>
  ({ url, form }: Seen) => {
    const isBatch = (form.get('query') ?? '').includes('signalbox_figure');
    if (!url.pathname.endsWith('query_range')) {
      const result = Object.entries(parts).map(([key, value]) => ({
        metric: { signalbox_figure: key },
        value: [1_795_256_329, value],
      }));
      return body({ resultType: 'vector', result });
    }
    const [start = 0, end = 0, step = 1] = ['start', 'end', 'step'].map((name) => Number(form.get(name)));
    const times = Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, n) => start + n * step);
    if (isBatch) {
      const result = Object.entries(parts).map(([key, value]) => ({
        metric: { signalbox_figure: key },
        values: times.map((at) => [at, value]),
      }));
      return body({ resultType: 'matrix', result });
    }
    const weeksAgo = Math.round((Date.now() / 1000 - start) / 604_800);
    const rate = hours[weeksAgo - 1];
    const result = rate === undefined ? [] : [{ metric: {}, values: times.map((at) => [at, rate]) }];
    return body({ resultType: 'matrix', result });
  };

/** Ends the reading of earlier tests, which would ask on in the background. */
export function forgetSlis(): void {
  for (const poll of globalThis.signalboxSlis?.values() ?? []) poll.close();
  globalThis.signalboxSlis = undefined;
}

/** The answer once the first figures are there, however long a busy machine takes. */
export async function readSlis(config: Config, ask: SlisAsk): Promise<ServiceSlis> {
  await slisOfPlace(config, locate(config, ask)).get(30_000);
  return ServiceSlis.parse(await serviceSlisView(config, ask));
}
