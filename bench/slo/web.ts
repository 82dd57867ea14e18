import { setTimeout as sleep } from 'node:timers/promises';
import { api } from '@/lib/core/paths';
import { Fleet } from '@/lib/slo/fleet/contract';
import { SloPage } from '@/lib/slo/page/contract';
import { buildAll } from '@/scripts/build/build';
import { startChild } from '@/scripts/process/child';
import { typescript } from '@/scripts/setup/typescript';
import { addDemoAccounts, demoAccounts } from '@/scripts/stack/accounts';
import { startWeb } from '@/scripts/stack/programs';
import { type Client, get, signIn } from '../clients/client';
import { percentile } from '../report/percentile';
import { mostWithin } from './prometheus';
import { objectives, sloId } from './traffic';
import { type Look, lookAt, Viewer } from './viewers';

const viewers = 50;
/** How long the first list of a new web process may take. */
const firstListSeconds = 120;
const warmSeconds = 15;
const loadSeconds = 60;
/** Each answer whole, as for as many who open the list at once; then with the console's first page beside it. */
const wholeSeconds = 20;
const bothSeconds = 40;
/** The web process reads the objectives anew this often (lib/slo/fleet/poll.ts). */
const refreshMs = 10_000;
const pages = 100;

export type WebOptions = {
  databaseUrl: string;
  /** signalbox.yaml for the web process, whose Prometheus is counted, and for the recorder. */
  configFiles: { web: string; recorder: string };
  port: number;
  logs: string;
  /** When each query reached Prometheus from the web process (performance.now()). */
  queries: readonly number[];
  progress: (line: string) => void;
};

export type WebFigures = { upstreamQueries: number; listP95Ms: number; pageP95Ms: number };

/** Measures the built web process while a recorder fills the tables beside it. */
export async function measureWeb(options: WebOptions): Promise<WebFigures> {
  const { databaseUrl, configFiles, port, logs, progress } = options;
  progress('Building where sources changed …');
  await buildAll();
  const webUrl = `http://127.0.0.1:${port}`;
  const secret = crypto.randomUUID();
  const environment = { configFile: configFiles.web, databaseUrl, secret, webUrl, logs };
  const password = crypto.randomUUID();
  await addDemoAccounts(environment, password);
  const recorder = startChild({
    name: 'recorder',
    command: process.execPath,
    args: typescript('bench/slo/recorder-main.ts'),
    env: { SIGNALBOX_CONFIG: configFiles.recorder, DATABASE_URL: databaseUrl },
    logFile: `${logs}/recorder.log`,
  });
  try {
    await recorder.waitForLine((line) => line === 'The recorder runs.');
    const web = await startWeb(environment, port);
    try {
      const clients: Client[] = [];
      for (let n = 0; n < viewers; n++) {
        const account = demoAccounts[n % demoAccounts.length] ?? demoAccounts[0];
        clients.push(await signIn(webUrl, account.email, password));
      }
      return await underLoad(clients, options);
    } finally {
      await web.stop();
    }
  } finally {
    await recorder.stop();
  }
}

async function underLoad(clients: readonly Client[], options: WebOptions): Promise<WebFigures> {
  const { queries, progress } = options;
  const [first] = clients;
  if (first === undefined) throw new Error('There is no client.');
  const list = api.slos('production');
  const waited = await untilAllShown(first, list);
  progress(
    `The list shows all ${objectives} objectives ${waited.toFixed(1)} s after it was first asked for.`,
  );
  const staying = clients.map((client) => new Viewer(client));
  await lookAt(staying, [list], { perSecond: 1, seconds: warmSeconds });
  const since = performance.now();
  const looks = (await lookAt(staying, [list], { perSecond: 1, seconds: loadSeconds })).get(list) ?? [];
  progress(`${viewers} viewers of the list: ${lookText(looks)}.`);
  const coming = clients.map((client) => new Viewer(client, false));
  const whole = await lookAt(coming, [list], { perSecond: 1, seconds: wholeSeconds });
  progress(`${viewers} who have nothing yet: ${lookText(whole.get(list) ?? [])}.`);
  // The console's first page asks the sources for what it shows; the list asks nobody.
  const overview = api.overview('production');
  const both = await lookAt(staying, [list, overview], { perSecond: 0.5, seconds: bothSeconds });
  for (const [path, seen] of both) progress(`${viewers} viewers of both, ${path}: ${lookText(seen)}.`);
  const during = queries.filter((at) => at >= since);
  progress(`${during.length} queries of Prometheus in ${Math.round((performance.now() - since) / 1000)} s.`);
  return {
    upstreamQueries: mostWithin(during, refreshMs),
    listP95Ms: percentile(
      looks.map(({ tookMs }) => tookMs),
      0.95,
    ),
    pageP95Ms: await firstPages(first, progress),
  };
}

const lookText = (looks: readonly Look[]): string => {
  const took = looks.map(({ tookMs }) => tookMs);
  const whole = looks.filter(({ isNew }) => isNew);
  const kilobytes = Math.max(0, ...whole.map(({ bytes }) => bytes)) / 1000;
  return `${looks.length} answers, ${whole.length} of them whole with ${kilobytes.toFixed(0)} kB, p50 ${percentile(took, 0.5).toFixed(0)} ms, p95 ${percentile(took, 0.95).toFixed(0)} ms, slowest ${Math.max(...took).toFixed(0)} ms`;
};

/** What the page of an objective costs that nobody has looked at yet. */
async function firstPages(client: Client, progress: WebOptions['progress']): Promise<number> {
  const firsts: number[] = [];
  for (let n = 0; n < pages; n++) {
    const path = api.slo(sloId((n * objectives) / pages), { environment: 'production' });
    const { body, tookMs } = await get(client, path);
    if (SloPage.parse(body).data.state !== 'fresh') throw new Error(`${path} shows no fresh figures.`);
    firsts.push(tookMs);
  }
  progress(
    `${pages} pages, p50 ${percentile(firsts, 0.5).toFixed(0)} ms, slowest ${Math.max(...firsts).toFixed(0)} ms.`,
  );
  return percentile(firsts, 0.95);
}

/** Seconds until the list shows figures of every objective: one that shows nothing would be a fast one. */
async function untilAllShown(client: Client, path: string): Promise<number> {
  const startedAt = performance.now();
  const waited = () => (performance.now() - startedAt) / 1000;
  let last = 'no answer';
  while (waited() < firstListSeconds) {
    try {
      const { rows } = Fleet.parse((await get(client, path)).body);
      const fresh = rows.filter(({ numbers }) => numbers.state === 'fresh').length;
      if (fresh === objectives) return waited();
      last = `${fresh} of ${rows.length} objectives with fresh figures`;
    } catch (error) {
      // The first answer of a new process may take longer than a client waits.
      last = String(error);
    }
    await sleep(500);
  }
  throw new Error(`The list does not show ${objectives} objectives after ${firstListSeconds} s: ${last}`);
}
