import 'server-only';
import { certificatesOf } from '@/lib/config/certificates';
import type { Config } from '@/lib/config/schema';
import { messageOf } from '@/lib/core/errors';
import { prometheusFor } from '@/lib/service/placements';
import type { DeployPlan, Precheck } from '../contract';
import { type Finding, joined, warn } from '../staged/plan/check';
import { judgeCertificates } from './judge';
import { readCertificates, type Where } from './read';

const id = 'certificates';
const title = 'The certificates last';

/**
 * Until when the certificates of the service last (CHK-14, SEC-05), asked of what Prometheus has of them: no Secret is
 * read. Of what brings requests to a version; a rollback waits for no Prometheus and is not asked about, and what goes
 * back to a version that ran before is never blocked. Null where there is nothing to ask.
 */
export async function certificateCheck(config: Config, plan: DeployPlan): Promise<Precheck | null> {
  if (plan.kind !== 'deploy' && plan.kind !== 'shift') return null;
  const service = config.services.find((one) => one.id === plan.service);
  if (service === undefined || certificatesOf(service).expiry.length === 0) return null;
  const regions = plan.staged?.regions ?? [plan.region];
  const places = (service.placements[plan.environment] ?? []).filter(({ region }) =>
    regions.includes(region),
  );
  if (places.length === 0) return null;
  const findings = places.map(async (placement) => ({
    region: placement.region,
    finding: await findingIn(config, { service, environment: plan.environment, placement }),
  }));
  const check = joined(id, title, await Promise.all(findings));
  return check.result === 'fail' && plan.goesBack !== undefined
    ? { ...check, result: 'warn', detail: `${check.detail} Going back is not held up by it.` }
    : check;
}

async function findingIn(config: Config, where: Where): Promise<Finding> {
  const { service, environment, placement } = where;
  const source = prometheusFor(config, environment, placement.region);
  if (source === undefined)
    return warn('Not known: no Prometheus is configured for this environment and region.');
  try {
    const found = await readCertificates(source, where);
    return judgeCertificates(found, certificatesOf(service)) ?? warn(unknown(where));
  } catch (error) {
    return warn(`Not known: ${messageOf(error)}`);
  }
}

const unknown = ({ service }: Where): string =>
  `Not known: Prometheus has no series with the end of a certificate of ${service.name}. ` +
  'Have blackbox_exporter probe its address with the labels of the service, ' +
  `or name other series under certificates.expiry of ${service.id} in signalbox.yaml.`;
