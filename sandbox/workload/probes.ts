import type { ClusterId, Placement } from '../topology';
import { series } from './families';
import { seedFor } from './random';

const DAY = 86_400;
/** Certificates last 90 days and are renewed every 45, as a function of time alone. */
const LASTS = 90 * DAY;
const RENEWED = 45 * DAY;

/** What the probe of a service's public address is about. */
export type Probed = { cluster: ClusterId; service: string; environment: string };

const keyOf = ({ cluster, service, environment }: Probed): string => `${cluster}/${environment}/${service}`;

/** The address that is probed, and the host that its certificate is for. */
export const hostOf = ({ cluster, service, environment }: Probed): string =>
  `${service}.${environment === 'production' ? '' : `${environment}.`}${cluster}.example.com`;
export const addressOfProbe = (probed: Probed): string => `https://${hostOf(probed)}/health`;

export const probedAt = ({ cluster, service, environment }: Placement): Probed => ({
  cluster: cluster.id,
  service: service.id,
  environment,
});

/** Until when the certificate of each address lasts; the control port lets one end sooner. */
export class Certificates {
  readonly #set = new Map<string, number>();

  /** Seconds since 1970. */
  endsAt(probed: Probed, nowMs: number): number {
    const now = Math.floor(nowMs / 1000);
    const phase = seedFor(11, hostOf(probed)) % RENEWED;
    const issued = now - ((now + phase) % RENEWED);
    return this.#set.get(keyOf(probed)) ?? issued + LASTS;
  }

  /** From now on this is its end. */
  set(probed: Probed, endsAt: number): void {
    this.#set.set(keyOf(probed), endsAt);
  }

  /** All are renewed in time again. */
  clear(): void {
    this.#set.clear();
  }
}

/** What blackbox_exporter says of one address. */
export function probeText(probed: Probed, certificates: Certificates, nowMs: number): string {
  const ends = certificates.endsAt(probed, nowMs);
  const host = hostOf(probed);
  const labels = {
    fingerprint_sha256: fingerprintOf(host, ends),
    issuer: "CN=R11,O=Let's Encrypt,C=US",
    serialnumber: seedFor(17, host).toString(16),
    subject: `CN=${host}`,
    subjectalternative: host,
  };
  return [
    '# TYPE probe_success gauge',
    // A client refuses what has ended, and so does the probe.
    `probe_success ${ends * 1000 > nowMs ? 1 : 0}`,
    '# TYPE probe_ssl_earliest_cert_expiry gauge',
    `probe_ssl_earliest_cert_expiry ${ends}`,
    '# TYPE probe_ssl_last_chain_info gauge',
    `${series('probe_ssl_last_chain_info', labels)} 1`,
    '',
  ].join('\n');
}

const fingerprintOf = (host: string, ends: number): string =>
  Array.from({ length: 8 }, (_, n) =>
    seedFor(ends + n, host)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
