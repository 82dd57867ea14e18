import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Database } from '@/lib/db/client';

/** Cuts a copy as if its dump had been that short from the start: its hash is right. */
export async function cutUnseen(
  { db, folder }: { db: Database; folder: string },
  { id, object }: { id: string; object: string },
): Promise<void> {
  const file = path.join(folder, object);
  fs.truncateSync(file, Math.floor(fs.statSync(file).size * 0.6));
  const bytes = fs.readFileSync(file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const marker = z.looseObject({}).parse(JSON.parse(fs.readFileSync(`${file}.json`, 'utf8')));
  fs.writeFileSync(`${file}.json`, JSON.stringify({ ...marker, sha256, bytes: bytes.length }));
  await db.backupCopy.update({ where: { id }, data: { sha256, bytes: bytes.length } });
}
