import { createHash } from 'node:crypto';
import { type AppService, appServices, imageOf, type ServiceId } from '../topology';

/** Bytes of a registry, with the digest they are known by. */
export type Blob = { digest: string; mediaType: string; text: string };
/** One build of a repository: an index over two platforms, and what it names. Layers are named, not kept. */
export type Build = { index: Blob; manifests: Blob[]; configs: Blob[] };

export const indexType = 'application/vnd.oci.image.index.v1+json';
const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const configType = 'application/vnd.oci.image.config.v1+json';
const layerType = 'application/vnd.oci.image.layer.v1.tar+gzip';

const patches = (series: string, last: number): string[] =>
  Array.from({ length: last }, (_, index) => `${series}.${index + 1}`);

/** Releases beside those of the topology: the coming ones, and those that tests and bad days bring. A typo is none. */
const more: Record<ServiceId, readonly string[]> = {
  'fraiseql-api': ['1.8.1', '1.9.0', ...patches('2.0', 9), '2.1.0', '2.1.1', '2.2.0', '3.0.0'],
  'fraiseql-observers': ['8.0.1', ...patches('8.1', 9), '8.2.0', '9.0.0'],
  'architect-api': ['v3.1.1', ...patches('v3.2', 9), 'v3.3.0', 'v3.3.1', 'v4.0.0'],
};

/** Tags that move by design, and the release that they stand for when the production is made. */
const moving = (service: AppService): [string, string][] => [
  ['latest', service.releases[2].version],
  ['stable', service.releases[2].version],
  ['main', service.next],
];

/** Host and path of each repository, as image references name them. */
export const registryHost = 'registry.example.com';
export const repositoryOf = (service: AppService): string => imageOf(service).slice(registryHost.length + 1);
export const repositories: readonly string[] = appServices.map(repositoryOf);

/** Tags of a repository with the name of the build that each stands for; null for an unknown repository. */
export function tagsOf(repository: string): Map<string, string> | null {
  const service = appServices.find((one) => repositoryOf(one) === repository);
  if (service === undefined) return null;
  const releases = [...service.releases.map(({ version }) => version), service.next, ...more[service.id]];
  return new Map([...releases.map((version): [string, string] => [version, version]), ...moving(service)]);
}

const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const blob = (mediaType: string, value: object): Blob => {
  const text = JSON.stringify(value);
  return { digest: sha256(text), mediaType, text };
};
const descriptor = ({ digest, mediaType, text }: Blob) => ({
  mediaType,
  digest,
  size: Buffer.byteLength(text),
});

/** The content of a build: the same bytes, and so the same digests, wherever and whenever it is asked for. */
export function buildOf(repository: string, name: string): Build {
  const platforms = ['amd64', 'arm64'].map((architecture) => {
    const layer = `${repository} ${name} ${architecture}`;
    const config = blob(configType, {
      architecture,
      os: 'linux',
      config: { Labels: { 'org.opencontainers.image.version': name } },
      rootfs: { type: 'layers', diff_ids: [sha256(layer)] },
    });
    const manifest = blob(manifestType, {
      schemaVersion: 2,
      mediaType: manifestType,
      config: descriptor(config),
      layers: [{ mediaType: layerType, digest: sha256(`${layer} gzip`), size: 48_211_034 }],
    });
    return { architecture, config, manifest };
  });
  const index = blob(indexType, {
    schemaVersion: 2,
    mediaType: indexType,
    manifests: platforms.map(({ architecture, manifest }) => ({
      ...descriptor(manifest),
      platform: { architecture, os: 'linux' },
    })),
    annotations: { 'org.opencontainers.image.version': name },
  });
  return {
    index,
    manifests: platforms.map(({ manifest }) => manifest),
    configs: platforms.map(({ config }) => config),
  };
}

const known = new Map<string, string | null>();

/** The digest that a reference with a tag stood for when the production was made; null when it names nothing known. */
export function firstDigestOf(image: string): string | null {
  const found = known.get(image);
  if (found !== undefined) return found;
  const [, repository = '', tag = ''] = /^registry\.example\.com\/(.+):([^:/]+)$/.exec(image) ?? [];
  const build = tagsOf(repository)?.get(tag);
  const digest = build === undefined ? null : buildOf(repository, build).index.digest;
  known.set(image, digest);
  return digest;
}
