import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { writeHistoryFiles } from './history';
import { HistoryRequest } from './history-plan';

const run = promisify(execFile);

/** What the parent asks for; all files lie in `workDir`, blocks go to `dataDir`. */
const Order = z.object({
  request: HistoryRequest,
  promtool: z.string(),
  workDir: z.string(),
  dataDir: z.string(),
});

/**
 * Writes the past in a process of its own, so that nothing else waits for it. The argument is the order
 * (JSON file); the state at the end goes to `end.json` beside it. promtool works on a finished part while
 * the next one is written.
 */
const [orderFile] = process.argv.slice(2);
if (!orderFile) throw new Error('Needs the file of the order.');
const { request, promtool, workDir, dataDir } = Order.parse(JSON.parse(await readFile(orderFile, 'utf8')));

let blocks: Promise<void> = Promise.resolve();
const ends = await writeHistoryFiles(
  request,
  (part) => path.join(workDir, `history-${part}.om`),
  (file) => {
    blocks = blocks.then(() => makeBlocks(file));
    // The error is reported by the await below; until then it must not count as unhandled.
    blocks.catch(() => undefined);
  },
);
await blocks;
await writeFile(path.join(workDir, 'end.json'), JSON.stringify(ends));

async function makeBlocks(file: string): Promise<void> {
  await run(promtool, [
    'tsdb',
    'create-blocks-from',
    'openmetrics',
    '--quiet',
    '--max-block-duration=720h',
    file,
    dataDir,
  ]);
  await rm(file);
}
