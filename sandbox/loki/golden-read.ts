import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const Request = z.object({
  line: z.string(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string().optional(),
});

/** One captured HTTP exchange, trimmed: lists are cut short, timings and most `stats` left out. */
const Exchange = z.object({
  note: z.string().optional(),
  request: Request,
  response: z.object({ status: z.number(), headers: z.record(z.string(), z.string()), body: z.unknown() }),
});
export type Exchange = z.infer<typeof Exchange> & { name: string };

const Tail = z.object({
  request: Request,
  response: z.object({
    status: z.number(),
    headers: z.record(z.string(), z.string()),
    body: z.string().optional(),
  }),
  frames: z.array(
    z.object({
      opcode: z.number(),
      json: z.unknown().optional(),
      close: z.number().optional(),
      reason: z.string().optional(),
    }),
  ),
});
export type TailExchange = z.infer<typeof Tail> & { name: string };

const folder = path.join(import.meta.dirname, 'golden');
const names = (): string[] =>
  fs
    .readdirSync(folder)
    .filter((file) => file.endsWith('.json') && !file.startsWith('ready-sequence'))
    .map((file) => file.slice(0, -5));
const load = (name: string): unknown =>
  JSON.parse(fs.readFileSync(path.join(folder, `${name}.json`), 'utf8'));

const isTail = (name: string): boolean => name.startsWith('tail') && name !== 'tail-err-plain-get';

/** All plain exchanges. */
export const exchanges = (): Exchange[] =>
  names()
    .filter((name) => !isTail(name))
    .map((name) => ({ name, ...Exchange.parse(load(name)) }));

/** All tail exchanges. */
export const tailExchanges = (): TailExchange[] =>
  names()
    .filter(isTail)
    .map((name) => ({ name, ...Tail.parse(load(name)) }));
