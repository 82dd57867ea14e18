import 'server-only';
import fs from 'node:fs/promises';
import path from 'node:path';
import { config as loadedConfig } from '@/lib/config/load';
import type { Config } from '@/lib/config/schema';
import { PublishedStatus } from './contract';

/** The last published status, from its file alone: it is there with the database gone. Null before the first. */
export async function readPublished(config: Config = loadedConfig()): Promise<PublishedStatus | null> {
  const text = await readPublishedFile('status.json', config);
  if (text === null) return null;
  try {
    return PublishedStatus.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** One of the published files as it is; null when it was not published yet. */
export async function readPublishedFile(
  name: 'status.json' | 'summary.json' | 'feed.xml',
  config: Config = loadedConfig(),
): Promise<string | null> {
  try {
    return await fs.readFile(path.join(config.status.directory, name), 'utf8');
  } catch {
    return null;
  }
}
