import type { Config } from '@/lib/config/schema';
import { Pair } from '@/lib/config/traffic';
import { testConfig } from './config';

/** The first service of the test's configuration in one place, with a pair; the others run nowhere. */
export function pairedConfig(kubeconfig: string, namespace: string, traffic: object): Config {
  const config = testConfig({ kubeconfig });
  const pair = Pair.parse({
    blue: { deployment: 'shop-api', service: 'shop-api-blue' },
    green: { deployment: 'shop-api-green', service: 'shop-api-green' },
    traffic,
  });
  const [first] = config.services;
  const [place] = first?.placements['production'] ?? [];
  if (first === undefined || place === undefined) throw new Error('The configuration has no service.');
  return {
    ...config,
    // A busy machine is no cluster that does not answer.
    clusters: config.clusters.map((cluster) => ({ ...cluster, timeout: 20 })),
    services: [{ ...first, placements: { production: [{ ...place, namespace, pair }] } }],
  };
}
