import { z } from 'zod';
import { Duration, Slug } from './scalars';

const File = z.string().min(1).describe('A file path; relative ones start at the folder of signalbox.yaml');

/** Secrets are named, never written into the configuration: a file or an environment variable. */
export const SecretSource = z.union([
  z.strictObject({ file: File }),
  z.strictObject({
    env: z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'must be the name of an environment variable'),
  }),
]);

const plainUrl = (text: string): boolean => {
  const { username, password } = URL.canParse(text) ? new URL(text) : { username: '', password: '' };
  return username === '' && password === '';
};

/** Names as RFC 9110 has them; a credential would be a secret in the configuration. */
const HeaderName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'must be the name of an HTTP header')
  .refine((name) => !/^(?:proxy-)?authorization$|^cookie$/i.test(name), {
    error: 'must carry no credential: use bearerToken or basicAuth',
  });
const HeaderValue = z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'must be one line of text');

/** How to reach one HTTP source: Prometheus, Alertmanager or Loki. */
export const HttpSource = z.strictObject({
  id: Slug,
  url: z
    .url({ protocol: /^https?$/ })
    .refine(plainUrl, { error: 'a user or a password may not stand in a URL' })
    .describe('Base URL, with a path prefix where the server has one'),
  environments: z.array(Slug).min(1).optional().describe('Environments it serves; all when absent'),
  regions: z.array(Slug).min(1).optional().describe('Regions it serves; all when absent'),
  caFile: File.optional(),
  clientCertificate: z.strictObject({ certFile: File, keyFile: File }).optional(),
  bearerToken: SecretSource.optional(),
  basicAuth: z.strictObject({ username: z.string().min(1), password: SecretSource }).optional(),
  headers: z
    .record(HeaderName, HeaderValue)
    .default({})
    .describe('Extra request headers such as X-Scope-OrgID'),
  timeout: Duration.prefault('8s'),
  link: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where a person opens it'),
});
export type HttpSource = z.infer<typeof HttpSource>;

/** `host`, or `host:port`, as image references and URLs write it. */
const HostName = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:\d{1,5})?$/,
    'must be a host such as registry.example.com, with a port where it has one',
  );

/** An OCI registry: where tags of images are looked up. Images of hosts that are not listed are not looked up. */
export const Registry = HttpSource.pick({
  caFile: true,
  clientCertificate: true,
  bearerToken: true,
  basicAuth: true,
  headers: true,
  timeout: true,
}).extend({
  host: HostName.describe('As the images name it; docker.io for images that name none'),
  url: HttpSource.shape.url.optional().describe('Where it answers, when that is not https://<host>'),
  tokenHosts: z
    .array(HostName)
    .default([])
    .describe('Other hosts that may give tokens for it, and so are told the password'),
});
export type Registry = z.infer<typeof Registry>;

/** Prometheus also says how often it scrapes: the age at which a figure counts as late. */
export const PrometheusSource = HttpSource.extend({ scrapeInterval: Duration.prefault('15s') });
export type PrometheusSource = z.infer<typeof PrometheusSource>;

const ClusterAccess = z.union([
  z.strictObject({ kubeconfig: File, context: z.string().min(1) }),
  z.strictObject({ inCluster: z.literal(true) }),
]);

/** A Kubernetes cluster; web and worker reach it with different accounts. */
export const Cluster = z.strictObject({
  id: Slug,
  region: Slug,
  web: ClusterAccess.describe('Read-only account of the web process'),
  worker: ClusterAccess.describe('Account of the worker: may read and impersonate'),
  timeout: Duration.prefault('8s'),
});
export type Cluster = z.infer<typeof Cluster>;
