import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { alertmanagerProgram, type Program } from './alertmanager-program';
import { alertmanagerConfig, prometheusConfig, rulesConfig } from './config';
import { endLeftover } from './leftover';
import { TcpProxy } from './proxy';
import { findFreePort, ServerProcess } from './server-process';

/** Paths of the programs. */
export type Binaries = { prometheus: string; promtool: string; alertmanager: string };

export type MonitoringOptions = {
  dataDir: string;
  binaries: Binaries;
  /** Ports that clients use; 0 for any free one. */
  ports: { prometheus: number; alertmanager: number };
  /** `host:port` of the metrics server. */
  metricsAddress: string;
};

export type Monitoring = {
  prometheusUrl: string;
  alertmanagerUrl: string;
  proxies: { prometheus: TcpProxy; alertmanager: TcpProxy };
  stop: () => Promise<void>;
};

/** Where Prometheus keeps its blocks, and where the history is put before its first start. */
export function prometheusDataDir(dataDir: string): string {
  return path.join(dataDir, 'prometheus', 'data');
}

/** Prometheus and Alertmanager, each reached by clients only through a proxy of ours. */
export async function startMonitoring(options: MonitoringOptions): Promise<Monitoring> {
  const dir = path.join(options.dataDir, 'prometheus');
  await mkdir(prometheusDataDir(options.dataDir), { recursive: true });
  const pidFile = (name: string) => path.join(dir, `${name}.pid`);
  for (const name of ['prometheus', 'alertmanager']) await endLeftover(pidFile(name), dir);
  const ports = { prometheus: await findFreePort(), alertmanager: await findFreePort() };
  const prometheusProxy = new TcpProxy({ port: options.ports.prometheus, targetPort: ports.prometheus });
  const alertmanagerProxy = new TcpProxy({
    port: options.ports.alertmanager,
    targetPort: ports.alertmanager,
  });
  await prometheusProxy.start();
  await alertmanagerProxy.start();
  const rulesFile = path.join(dir, 'rules.yml');
  const alertmanagerAddress = `127.0.0.1:${ports.alertmanager}`;
  const config = { metricsAddress: options.metricsAddress, alertmanagerAddress, rulesFile };
  await writeFile(rulesFile, rulesConfig());
  await writeFile(path.join(dir, 'prometheus.yml'), prometheusConfig(config));
  await writeFile(path.join(dir, 'alertmanager.yml'), alertmanagerConfig());
  const program = await alertmanagerProgram(options.binaries.alertmanager, dir);
  const alertmanager = startAlertmanager(program, dir, ports.alertmanager, alertmanagerProxy.url);
  const prometheus = startPrometheus(options, dir, ports.prometheus, prometheusProxy.url);
  await writeFile(pidFile('prometheus'), String(prometheus.pid ?? ''));
  await writeFile(pidFile('alertmanager'), String(alertmanager.pid ?? ''));
  const stop = async () => {
    await Promise.all([prometheusProxy.stop(), alertmanagerProxy.stop()]);
    await Promise.all([prometheus.stop(), alertmanager.stop()]);
  };
  try {
    await Promise.all([
      alertmanager.waitFor(`http://${alertmanagerAddress}/-/ready`, 30),
      prometheus.waitFor(`http://127.0.0.1:${ports.prometheus}/-/ready`, 60),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    prometheusUrl: prometheusProxy.url,
    alertmanagerUrl: alertmanagerProxy.url,
    proxies: { prometheus: prometheusProxy, alertmanager: alertmanagerProxy },
    stop,
  };
}

function startPrometheus(options: MonitoringOptions, dir: string, port: number, url: string): ServerProcess {
  return new ServerProcess('Prometheus', options.binaries.prometheus, [
    `--config.file=${path.join(dir, 'prometheus.yml')}`,
    `--storage.tsdb.path=${prometheusDataDir(options.dataDir)}`,
    // The written history is 30 days old: with the default of 15 days its blocks would be deleted.
    '--storage.tsdb.retention.time=60d',
    `--web.listen-address=127.0.0.1:${port}`,
    `--web.external-url=${url}`,
    '--log.level=warn',
  ]);
}

function startAlertmanager(program: Program, dir: string, port: number, url: string): ServerProcess {
  const args = [
    `--config.file=${path.join(dir, 'alertmanager.yml')}`,
    `--storage.path=${path.join(dir, 'alertmanager')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    `--web.external-url=${url}`,
    '--cluster.listen-address=',
    '--log.level=warn',
  ];
  return new ServerProcess('Alertmanager', program.binary, args, program.cwd);
}
