import 'server-only';
import type { Config } from '@/lib/config/schema';
import type { Slo } from '@/lib/config/slo';
import { OpsError } from '@/lib/core/errors';
import { environmentOf, serviceOf } from '@/lib/service/placements';
import { environmentsOf } from '../define/indicator';

/** The objective where it holds. Throws OpsError `not-found`. */
export function requireSlo(
  config: Config,
  id: string,
  asked: string | undefined,
): { slo: Slo; environment: string } {
  const environment = environmentOf(config, asked);
  const slo = config.slos.find((one) => one.id === id);
  if (slo !== undefined && environmentsOf(serviceOf(config, slo.service), slo).includes(environment))
    return { slo, environment };
  throw new OpsError('not-found', `There is no objective "${id}" in ${environment}.`, {
    next: 'Open the list of objectives to see their names.',
  });
}

/** Throws OpsError `invalid` that names one field. */
export function refuseField(path: string, message: string, next = 'Correct the named field.'): never {
  throw new OpsError('invalid', `The body is not valid: ${path}: ${message}.`, {
    next,
    fields: [{ path, message }],
  });
}
