import fs from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Labels } from './labels';
import type { LogStore } from './store/log-store';

const Line = z.object({
  stream: z.record(z.string(), z.string()),
  entries: z.array(z.tuple([z.string(), z.string(), z.record(z.string(), z.string())])),
});

/** The most a snapshot holds, in bytes of log lines; what is older stays behind. */
const maxSnapshotBytes = 96 * 1024 * 1024;

const withoutLevel = (metadata: Labels): Labels => {
  const { detected_level: _, ...rest } = metadata;
  return rest;
};

/** Writes the newest chunks as JSON lines, then puts the file in its place, so that a crash leaves the old one. */
export async function saveSnapshot(store: LogStore, file: string): Promise<void> {
  const all = store.select([]).flatMap((stream) => stream.chunks.map((chunk) => ({ stream, chunk })));
  const newest = all.sort((a, b) => ((a.chunk.times.at(-1) ?? 0n) < (b.chunk.times.at(-1) ?? 0n) ? 1 : -1));
  const handle = await open(`${file}.new`, 'w');
  try {
    let bytes = 0;
    for (const { stream, chunk } of newest) {
      bytes += chunk.bytes;
      if (bytes > maxSnapshotBytes) break;
      const entries = chunk.times.map((time, at) => [
        String(time),
        chunk.lines[at] ?? '',
        withoutLevel(chunk.metadata[at] ?? {}),
      ]);
      await handle.write(`${JSON.stringify({ stream: stream.labels, entries })}\n`);
    }
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}

/** Reads a snapshot into the store, oldest chunks first; a file that is absent or cut short is no error. */
export async function loadSnapshot(store: LogStore, file: string): Promise<void> {
  if (!fs.existsSync(file)) return;
  const chunks: z.infer<typeof Line>[] = [];
  for await (const text of createInterface({ input: fs.createReadStream(file, 'utf8') })) {
    const line = Line.safeParse(parse(text));
    if (!line.success) break;
    chunks.push(line.data);
  }
  for (let chunk = chunks.pop(); chunk !== undefined; chunk = chunks.pop()) {
    const entries = chunk.entries.map(([time, line, metadata]) => ({ timeNs: BigInt(time), line, metadata }));
    store.push(chunk.stream, entries);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
