import path from 'node:path';
import type { Config } from './schema';
import type { HttpSource } from './sources';

/** Members of a source that name files. */
type Credentials = 'caFile' | 'clientCertificate' | 'bearerToken' | 'basicAuth';

/** The configuration with each relative file path made absolute; they start at the folder of signalbox.yaml. */
export function resolveFiles(config: Config, folder: string): Config {
  const absolute = (file: string): string => path.resolve(folder, file);
  const secret = <S extends { file: string } | { env: string }>(source: S): S =>
    'file' in source ? { ...source, file: absolute(source.file) } : source;
  const http = <S extends Pick<HttpSource, Credentials>>(source: S): S => ({
    ...source,
    ...(source.caFile === undefined ? {} : { caFile: absolute(source.caFile) }),
    ...(source.clientCertificate === undefined
      ? {}
      : {
          clientCertificate: {
            certFile: absolute(source.clientCertificate.certFile),
            keyFile: absolute(source.clientCertificate.keyFile),
          },
        }),
    ...(source.bearerToken === undefined ? {} : { bearerToken: secret(source.bearerToken) }),
    ...(source.basicAuth === undefined
      ? {}
      : { basicAuth: { ...source.basicAuth, password: secret(source.basicAuth.password) } }),
  });
  const account = <A extends Config['clusters'][number]['web']>(access: A): A =>
    'kubeconfig' in access ? { ...access, kubeconfig: absolute(access.kubeconfig) } : access;
  return {
    ...config,
    clusters: config.clusters.map((cluster) => ({
      ...cluster,
      web: account(cluster.web),
      worker: account(cluster.worker),
    })),
    sources: {
      prometheus: config.sources.prometheus.map(http),
      alertmanager: config.sources.alertmanager.map(http),
      loki: config.sources.loki.map(http),
    },
    registries: config.registries.map(http),
    databases: config.databases.map((database) => ({
      ...database,
      url: secret(database.url),
      ...(database.signal === undefined ? {} : { signal: secret(database.signal) }),
      ...(database.restore === undefined
        ? {}
        : { restore: { ...database.restore, url: secret(database.restore.url) } }),
      ...(database.backup === undefined
        ? {}
        : {
            backup: {
              ...database.backup,
              url: secret(database.backup.url),
              ...(database.backup.scratch === undefined ? {} : { scratch: secret(database.backup.scratch) }),
              folder: absolute(database.backup.folder),
            },
          }),
    })),
    backups: {
      ...config.backups,
      ...(config.backups.tools === undefined ? {} : { tools: absolute(config.backups.tools) }),
    },
    ...(config.archives === undefined
      ? {}
      : { archives: { ...config.archives, folder: absolute(config.archives.folder) } }),
    notifications: {
      webhooks: config.notifications.webhooks.map((webhook) => ({ ...webhook, url: secret(webhook.url) })),
    },
    status: { ...config.status, directory: absolute(config.status.directory) },
  };
}
