import { expect, test } from 'vitest';
import { placements } from '../topology';
import { addressOfProbe, Certificates, probedAt, probeText } from './probes';

const DAY = 86_400;
const now = Date.UTC(2026, 10, 22);

test('on every day of a year each certificate has between 45 and 90 days left', () => {
  const certificates = new Certificates();
  for (const probed of placements().map(probedAt)) {
    for (let day = 0; day < 365; day += 1) {
      const at = now + day * DAY * 1000;
      const left = certificates.endsAt(probed, at) - at / 1000;
      expect(left).toBeGreaterThan(45 * DAY);
      expect(left).toBeLessThanOrEqual(90 * DAY);
    }
  }
});

test('each place has an address of its own', () => {
  const addresses = placements().map((placement) => addressOfProbe(probedAt(placement)));
  expect(new Set(addresses).size).toBe(addresses.length);
});

test('one that ends is told until all are renewed, and the probe fails behind its end', () => {
  const certificates = new Certificates();
  const probed = { cluster: 'us-east-1', service: 'fraiseql-api', environment: 'production' } as const;
  certificates.set(probed, now / 1000 - DAY);
  expect(probeText(probed, certificates, now)).toContain(
    `probe_ssl_earliest_cert_expiry ${now / 1000 - DAY}\n`,
  );
  expect(probeText(probed, certificates, now)).toContain('probe_success 0\n');
  expect(probeText(probed, certificates, now)).toContain('subject="CN=fraiseql-api.us-east-1.example.com"');
  expect(probeText({ ...probed, cluster: 'eu-west-1' }, certificates, now)).toContain('probe_success 1\n');
  certificates.clear();
  expect(probeText(probed, certificates, now)).toContain('probe_success 1\n');
});
