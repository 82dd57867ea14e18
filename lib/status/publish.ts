import 'server-only';
import fs from 'node:fs/promises';
import path from 'node:path';
import { config as loadedConfig } from '@/lib/config/load';
import type { Config } from '@/lib/config/schema';
import { env } from '@/lib/core/env';
import { newId } from '@/lib/core/ids';
import { paths } from '@/lib/core/paths';
import type { Database } from '@/lib/db/client';
import { databaseNow } from '@/lib/db/transaction';
import { composeStatus } from './compose';
import type { PublishedStatus } from './contract';
import { feedOf } from './feed';
import { pageOf } from './html';
import { readMaintained } from './maintained';
import { recentMeasure } from './sample';
import { readDays, readMessages } from './store';
import { summaryOf } from './summary';

export { sampleStatus } from './sample';

/** A measurement younger than this is published as it is; a message must not wait for a new one. */
const measureAgeMs = 75_000;

/** Where the page is reached, for the links of feed and summary. */
const pageUrl = (): string =>
  `${(env().NEXTAUTH_URL ?? 'http://127.0.0.1:3000').replace(/\/+$/, '')}${paths.status()}`;

/** A reader sees the old file or the new one, never half of one. */
async function replaceFile(folder: string, name: string, text: string): Promise<void> {
  const draft = path.join(folder, `.${name}.${newId()}`);
  await fs.writeFile(draft, text, { mode: 0o644 });
  await fs.rename(draft, path.join(folder, name));
}

/** Writes all files of a status; status.json last, since the console reads that one. */
export async function writeStatus(folder: string, status: PublishedStatus, url: string): Promise<void> {
  await fs.mkdir(folder, { recursive: true });
  await replaceFile(folder, 'summary.json', JSON.stringify(summaryOf(status, url)));
  await replaceFile(folder, 'feed.xml', feedOf(status, url));
  await replaceFile(folder, 'index.html', pageOf(status));
  await replaceFile(folder, 'status.json', JSON.stringify(status));
}

/** Publishes what is measured and said now into the configured folder. Throws when it cannot be written. */
export async function publishStatus(db: Database, config: Config = loadedConfig()): Promise<void> {
  const [states, messages, { days, today }, maintained, publishedAt] = await Promise.all([
    recentMeasure(config, measureAgeMs),
    readMessages(db),
    readDays(db),
    readMaintained(db, config),
    databaseNow(db),
  ]);
  const status = composeStatus(config, { states, messages, days, today, maintained, publishedAt });
  await writeStatus(config.status.directory, status, pageUrl());
}
