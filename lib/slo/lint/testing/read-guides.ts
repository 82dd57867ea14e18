import fs from 'node:fs';
import path from 'node:path';
import { type Guide, readGuide } from '../guides/guide';

/** The five guides' rules, in order. */
export function readAllGuides(): Guide[] {
  const folder = path.resolve(import.meta.dirname, '../guides');
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .map((name) => readGuide(fs.readFileSync(path.join(folder, name), 'utf8')));
}
