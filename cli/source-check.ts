import { z } from 'zod';
import type { Config } from '@/lib/config/schema';
import type { HttpSource, Registry } from '@/lib/config/sources';
import { messageOf } from '@/lib/core/errors';
import { parseImage } from '@/lib/core/image';
import { parseJson, sourceFetch } from '@/lib/sources/http';
import { pingRegistry } from '@/lib/sources/registry/client';

/** One line of the report. `wrong` makes the command fail; a `note` does not. */
export type Finding = { state: 'ok' | 'wrong' | 'note'; subject: string; says: string };

const BuildInfo = z.object({ data: z.object({ version: z.string() }) });
const Count = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});
const Status = z.object({
  versionInfo: z.object({ version: z.string() }),
  cluster: z.object({ status: z.string() }),
});
const Labels = z.object({ data: z.array(z.string()).default([]) });

/** Asks each Prometheus, Alertmanager, Loki and registry what it is and whether it answers questions. */
export async function checkSources(config: Config): Promise<Finding[]> {
  const { sources } = config;
  const findings = [
    ...sources.prometheus.map((source) => attempt(`Prometheus ${source.id}`, () => checkPrometheus(source))),
    ...sources.alertmanager.map((source) =>
      attempt(`Alertmanager ${source.id}`, () => checkAlertmanager(source)),
    ),
    ...sources.loki.map((source) => attempt(`Loki ${source.id}`, () => checkLoki(source))),
    ...config.registries.map((registry) =>
      attempt(`Registry ${registry.host}`, () => checkRegistry(registry, config)),
    ),
  ];
  return [...(await Promise.all(findings)).flat(), ...unlisted(config)];
}

async function checkRegistry(registry: Registry, { services }: Config): Promise<Finding[]> {
  await pingRegistry(registry);
  const served = services.filter(({ image }) => parseImage(image).host === registry.host).length;
  const subject = `Registry ${registry.host}`;
  return served === 0
    ? [{ state: 'note', subject, says: 'lets us in, but no service has its image there.' }]
    : [
        {
          state: 'ok',
          subject,
          says: `lets us in; ${served} of ${services.length} services have images there.`,
        },
      ];
}

/** Images of other hosts are neither verified nor pinned when they are deployed. */
function unlisted({ services, registries }: Config): Finding[] {
  const hosts = new Set(services.map(({ image }) => parseImage(image).host));
  return [...hosts]
    .filter((host) => !registries.some((registry) => registry.host === host))
    .map((host) => ({
      state: 'note',
      subject: `Registry ${host}`,
      says: 'is not in registries: tags of its images are neither verified nor pinned.',
    }));
}

/** An error of a check is its result: the sentence of the source, not a stack. */
export async function attempt(subject: string, check: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    const says = messageOf(error).replace(new RegExp(`^${subject} `), '');
    return [{ state: 'wrong', subject, says }];
  }
}

async function ask<T>(source: HttpSource, name: string, path: string, schema: z.ZodType<T>): Promise<T> {
  const answer = await sourceFetch(source, { path, name });
  if (answer.status === 401 || answer.status === 403) {
    throw new Error(
      `refuses us with ${answer.status}: check bearerToken, basicAuth or the client certificate.`,
    );
  }
  if (answer.status !== 200)
    throw new Error(`answers ${path} with ${answer.status}: check the URL and its path prefix.`);
  const parsed = schema.safeParse(parseJson(answer.text, name));
  if (parsed.success) return parsed.data;
  throw new Error(`answers ${path} in another form: is this the right server?`);
}

async function checkPrometheus(source: HttpSource): Promise<Finding[]> {
  const subject = `Prometheus ${source.id}`;
  const { data } = await ask(source, subject, '/api/v1/status/buildinfo', BuildInfo);
  const query = `/api/v1/query`;
  const answer = await sourceFetch(source, { path: query, query: { query: 'count(up)' }, name: subject });
  const counted = Count.safeParse(answer.status === 200 ? parseJson(answer.text, subject) : undefined);
  if (!counted.success)
    return [
      {
        state: 'wrong',
        subject,
        says: `version ${data.version}, but a query is answered with ${answer.status}.`,
      },
    ];
  const targets = counted.data.data.result[0]?.value[1];
  return targets === undefined
    ? [{ state: 'note', subject, says: `version ${data.version}; answers queries, but scrapes no target.` }]
    : [
        {
          state: 'ok',
          subject,
          says: `version ${data.version}; answers queries, scrapes ${targets} targets.`,
        },
      ];
}

async function checkAlertmanager(source: HttpSource): Promise<Finding[]> {
  const subject = `Alertmanager ${source.id}`;
  const { versionInfo, cluster } = await ask(source, subject, '/api/v2/status', Status);
  return [
    {
      state: 'ok',
      subject,
      says: `version ${versionInfo.version}; cluster ${cluster.status}; alerts can be read.`,
    },
  ];
}

async function checkLoki(source: HttpSource): Promise<Finding[]> {
  const subject = `Loki ${source.id}`;
  const { data } = await ask(source, subject, '/loki/api/v1/labels', Labels);
  return data.length === 0
    ? [
        {
          state: 'note',
          subject,
          says: 'answers, but holds no labels in the last hours: is X-Scope-OrgID needed?',
        },
      ]
    : [{ state: 'ok', subject, says: `answers; labels ${data.slice(0, 8).join(', ')}.` }];
}
