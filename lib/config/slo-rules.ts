import { withClientErrors } from './client-errors';
import type { Explained } from './explain';
import type { Config } from './schema';
import type { Series, Service } from './service';
import type { Slo } from './slo';
import { didYouMean } from './suggest';

type Path = (string | number)[];

/** What an objective needs from the rest of the configuration: its service, environments and series. */
export function checkSlos(config: Config): Explained[] {
  const known = config.services.map(({ id }) => id);
  return config.slos.flatMap((slo, index) => {
    const path = ['slos', index];
    const service = config.services.find(({ id }) => id === slo.service);
    if (service === undefined) {
      const message = `the service ${slo.service} does not exist.`;
      return [{ path: [...path, 'service'], message, hint: didYouMean(slo.service, known) }];
    }
    return [
      ...checkEnvironments(config, slo, service, path),
      ...checkClientErrors(slo, service, path),
      ...checkBuckets(slo, service, path),
    ];
  });
}

function checkEnvironments(config: Config, slo: Slo, service: Service, path: Path): Explained[] {
  const runs = Object.keys(service.placements);
  const wrong = (slo.environments ?? []).flatMap((name, n): Explained[] => {
    if (runs.includes(name)) return [];
    const exists = config.environments.some(({ id }) => id === name);
    const message = exists
      ? `${service.id} does not run in ${name}.`
      : `the environment ${name} does not exist.`;
    return [{ path: [...path, 'environments', n], message, hint: didYouMean(name, runs) }];
  });
  const holds = slo.environments ?? runs;
  if (wrong.length > 0 || slo.scope === 'service' || holds.length === 1) return wrong;
  return [
    {
      path: [...path, 'scope'],
      message: `series that stand as written would count the same events in ${holds.join(' and ')}.`,
      hint: `Say where they are from: environments: [${holds[0] ?? ''}].`,
    },
  ];
}

function checkClientErrors(slo: Slo, service: Service, path: Path): Explained[] {
  const failed = withClientErrors(service.metrics.requests, slo.clientErrors);
  if (failed.ok) return [];
  return [
    {
      path: [...path, 'clientErrors'],
      message: `client errors cannot be added: ${failed.problem}`,
      hint: 'Use an indicator of kind events that names its own series.',
    },
  ];
}

/** The bound of a latency objective comes from `below`; a second one on the series would contradict it. */
function checkBuckets(slo: Slo, service: Service, path: Path): Explained[] {
  const { indicator } = slo;
  if (indicator === 'availability' || indicator.kind !== 'latency') return [];
  const buckets: Series | undefined = indicator.buckets ?? service.metrics.latency?.buckets;
  if (buckets === undefined) {
    return [
      {
        path: [...path, 'indicator'],
        message: `the indicator has no buckets, and ${service.id} has no metrics.latency.`,
        hint: 'Name the _bucket series of its histogram: buckets: {metric: …}.',
      },
    ];
  }
  if (!buckets.matchers.some(({ label }) => label === 'le')) return [];
  return [
    {
      path: [...path, 'indicator'],
      message: 'the buckets are picked by le, but the bound comes from below.',
      hint: 'Take the matcher of le away.',
    },
  ];
}
