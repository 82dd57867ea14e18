import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { findFreePort, ServerProcess } from '@/sandbox/prometheus/server-process';
import { monitoringPrograms } from '@/scripts/binaries/monitoring';

const Answer = z.looseObject({
  data: z.looseObject({
    result: z.array(z.looseObject({ values: z.array(z.tuple([z.number(), z.string()])).optional() })),
  }),
});

/**
 * How the server answers: as it is; not at all; without any series; with a warning and half of the series; or without
 * the samples after `hides`, as if they were still on their way.
 */
export type Behaviour = 'well' | 'down' | 'empty' | 'warned' | { hides: number };

export type RealPrometheus = {
  url: string;
  /** The server itself. */
  direct: string;
  behave: (as: Behaviour) => void;
  /** Queries that it was asked. */
  asked: () => number;
  stop: () => Promise<void>;
};

/**
 * A real Prometheus over a past written by promtool, with a rule file evaluated every second where one is given;
 * clients reach it through a server that can misbehave.
 */
export async function realPrometheus(openMetrics: string, rules = ''): Promise<RealPrometheus> {
  const programs = await monitoringPrograms();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'slo-past-'));
  const data = path.join(folder, 'data');
  await mkdir(data);
  await writeFile(path.join(folder, 'past.txt'), `${openMetrics}# EOF\n`);
  const blocks = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', '--max-block-duration=720h'];
  await promisify(execFile)(programs.promtool, [...blocks, path.join(folder, 'past.txt'), data]);
  await writeFile(path.join(folder, 'rules.yml'), rules);
  const config = 'global:\n  scrape_interval: 15s\n  evaluation_interval: 1s\nrule_files: [rules.yml]\n';
  await writeFile(path.join(folder, 'prometheus.yml'), config);
  const port = await findFreePort();
  const server = new ServerProcess('Prometheus', programs.prometheus, [
    `--config.file=${path.join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${data}`,
    '--storage.tsdb.retention.time=90d',
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=warn',
  ]);
  await server.waitFor(`http://127.0.0.1:${port}/-/ready`, 60);
  const front = await misbehaving(`http://127.0.0.1:${port}`);
  return {
    ...front,
    stop: async () => {
      await front.stop();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function misbehaving(target: string): Promise<RealPrometheus> {
  let behaviour: Behaviour = 'well';
  let asked = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked += 1;
      if (behaviour === 'down') {
        response.destroy();
        return;
      }
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      const body = Buffer.concat(chunks).toString();
      // Values of labels are asked with GET, queries with POST.
      const sent = request.method === 'GET' ? {} : { method: 'POST', headers: form, body };
      void fetch(`${target}${request.url}`, sent)
        .then(async (answer) => {
          response.statusCode = answer.status;
          response.setHeader('content-type', 'application/json');
          response.end(altered(await answer.text(), behaviour));
        })
        .catch(() => response.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The test server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    direct: target,
    behave: (as) => {
      behaviour = as;
    },
    asked: () => asked,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function altered(text: string, behaviour: Behaviour): string {
  if (behaviour === 'well' || behaviour === 'down') return text;
  const answer = Answer.parse(JSON.parse(text));
  const { result } = answer.data;
  if (behaviour === 'empty') answer.data.result = [];
  else if (behaviour === 'warned') {
    answer.data.result = result.slice(0, Math.floor(result.length / 2));
    answer['warnings'] = ['a store did not answer'];
  } else {
    for (const series of result) series.values = series.values?.filter(([at]) => at <= behaviour.hides);
    answer.data.result = result.filter(({ values }) => values === undefined || values.length > 0);
  }
  return JSON.stringify(answer);
}
