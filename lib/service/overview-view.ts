import 'server-only';
import type { Person } from '@/lib/access/model';
import type { Config } from '@/lib/config/schema';
import { readingValue } from '@/lib/core/reading';
import { now } from '@/lib/core/time';
import { backupWords, troublePoll } from './backup-trouble';
import { runningOf, waitingFor } from './changes';
import type { OverviewView, ServiceRow } from './contract';
import { type EnvironmentSnapshot, environmentSnapshot, worstFirst } from './environment';
import { judgement, withSwitches } from './judgement';
import { environmentOf } from './placements';
import { recordedPoll } from './recorded';
import { pulledPoll, stoppedWords } from './stopped';
import { newest, ofAlert, ofEntry } from './timeline';

declare global {
  var signalboxOverviews: Map<string, { key: string; shared: string }> | undefined;
}

type Shared = Omit<OverviewView, 'needsYou'>;

const burnOf = (snapshot: EnvironmentSnapshot, rows: readonly ServiceRow[]): OverviewView['burn'] =>
  rows.flatMap((row) => {
    const points = snapshot.burn.get(row);
    return points === undefined ? [] : [{ service: row.service, name: row.name, region: row.region, points }];
  });

/**
 * `stopped`: what a pulled switch holds, which everybody who looks shall know before the rest. `backups`: that copies
 * need a look, which can wait until the rest is read.
 */
type Words = { stopped: string; backups: string };

function shared(snapshot: EnvironmentSnapshot, { stopped, backups }: Words): Shared {
  const rows = worstFirst(snapshot.rows);
  const changes = new Map(snapshot.changes.map(({ row }) => [row.id, row]));
  const recorded = recordedPoll().peek() ?? [];
  const alerts = readingValue(snapshot.alerts) ?? [];
  const timeline = [
    ...recorded.flatMap(({ seq, body }) => ofEntry(seq, body, changes) ?? []),
    ...alerts.map(ofAlert),
  ];
  return {
    environment: snapshot.environment,
    at: now().toISOString(),
    sentence: withSwitches(judgement(rows), stopped, backups),
    services: rows,
    burn: burnOf(snapshot, rows),
    alerts: snapshot.alerts,
    running: runningOf(snapshot.changes),
    recentChanges: snapshot.changes.slice(0, 10).map(({ row }) => row),
    timeline: newest(timeline, 30),
  };
}

/** How long the first page after a start waits for the database. */
const firstWaitMs = 2000;

const wordsIn = async (config: Config, { environment }: EnvironmentSnapshot): Promise<Words> => ({
  stopped: stoppedWords(config, environment, (await pulledPoll().get(firstWaitMs)) ?? []),
  backups: backupWords(config, environment, troublePoll().peek() ?? []),
});

export type Reader = Pick<Person, 'id' | 'roles'>;

/**
 * The overview of an environment as JSON text. What is the same for everybody is written once per change of
 * its parts; only the reader's own list is added, so that fifty open pages cost little more than one.
 */
export async function overviewJson(
  config: Config,
  environment: string | undefined,
  reader: Reader,
): Promise<string> {
  const snapshot = await environmentSnapshot(config, environmentOf(config, environment));
  globalThis.signalboxOverviews ??= new Map();
  const words = await wordsIn(config, snapshot);
  const key = `${snapshot.key}/${recordedPoll().version}/${words.stopped}/${words.backups}`;
  let kept = globalThis.signalboxOverviews.get(snapshot.environment);
  if (kept?.key !== key) {
    kept = { key, shared: JSON.stringify(shared(snapshot, words)).slice(0, -1) };
    globalThis.signalboxOverviews.set(snapshot.environment, kept);
  }
  return `${kept.shared},"needsYou":${JSON.stringify(waitingFor(snapshot.changes, reader))}}`;
}

/** The overview as a value, for pages that are rendered on the server. */
export async function overviewView(
  config: Config,
  environment: string | undefined,
  reader: Reader,
): Promise<OverviewView> {
  const snapshot = await environmentSnapshot(config, environmentOf(config, environment));
  const words = await wordsIn(config, snapshot);
  return { ...shared(snapshot, words), needsYou: waitingFor(snapshot.changes, reader) };
}
