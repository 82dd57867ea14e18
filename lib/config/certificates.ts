import { z } from 'zod';
import { Duration } from './scalars';
import { LabelName, Series } from './series';

/** Series whose value is the moment at which a certificate ends, in seconds since 1970. */
export const CertificateSeries = Series.extend({
  scope: z
    .enum(['service', 'namespace', 'written'])
    .default('service')
    .describe(
      "service adds the service's selector, and its environment and region where a series names one; namespace adds the namespace of the placement, and what is found may be another service's, so it blocks nothing; written adds nothing",
    ),
  name: LabelName.default('instance').describe('The label that names the host or the certificate'),
  subject: Series.optional().describe('Series with the same labels and one more, `subject`'),
});
export type CertificateSeries = z.infer<typeof CertificateSeries>;

/** What blackbox_exporter sees at the addresses it probes, and what cert-manager has issued. */
const usual: z.input<typeof CertificateSeries>[] = [
  { metric: 'probe_ssl_earliest_cert_expiry', subject: { metric: 'probe_ssl_last_chain_info' } },
  {
    metric: 'certmanager_certificate_expiration_timestamp_seconds',
    scope: 'namespace',
    name: 'name',
  },
];

/** CHK-14, SEC-05: until when the certificates of a service must last. Durations are seconds after parsing. */
export const Certificates = z
  .strictObject({
    expiry: z
      .array(CertificateSeries)
      .max(10)
      .prefault(usual)
      .describe('Where their ends are known; an empty list: the service has none to look at'),
    warn: Duration.prefault('30d').describe('A plan warns when no more than this is left'),
    block: Duration.prefault('3d').describe('Nothing new goes out when no more than this is left'),
  })
  .refine(({ warn, block }) => block <= warn, {
    path: ['block'],
    error: 'must not be longer than warn',
  });
export type Certificates = z.infer<typeof Certificates>;

const unsaid = Certificates.parse({});

/** What holds for a service, also where its configuration says nothing of certificates. */
export const certificatesOf = (service: { certificates?: Certificates | undefined }): Certificates =>
  service.certificates ?? unsaid;
