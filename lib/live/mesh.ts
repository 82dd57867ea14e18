import * as z from 'zod/mini';
import { LogLine } from '@/lib/logs/contract';
import { LiveEvent } from './contract';

/** How the tabs of one browser share a stream. One tab leads and holds it; the others hear of it. */
export const liveStates = ['connecting', 'open', 'down'] as const;
export type LiveState = (typeof liveStates)[number];

const Tab = z.string();

/** What tabs tell each other on the channel. */
export const MeshMessage = z.discriminatedUnion('kind', [
  /** Leader to all: an event of the stream that is not a tail's. */
  z.object({ kind: z.literal('event'), event: LiveEvent }),
  /** Leader to all: lines of a query, whatever tabs follow it. */
  z.object({ kind: z.literal('lines'), query: z.string(), lines: z.array(LogLine), dropped: z.int() }),
  z.object({ kind: z.literal('tail-ended'), query: z.string(), message: z.string() }),
  z.object({ kind: z.literal('state'), state: z.enum(liveStates) }),
  /** A new leader asks every tab what it wants. */
  z.object({ kind: z.literal('who') }),
  /** A tab to the leader: the queries it follows, and whether a person can see it. */
  z.object({ kind: z.literal('wants'), tab: Tab, queries: z.array(z.string()), visible: z.boolean() }),
  z.object({ kind: z.literal('bye'), tab: Tab }),
]);
export type MeshMessage = z.infer<typeof MeshMessage>;

export type Wants = { queries: string[]; visible: boolean; heardAt: number };

/** As many tails as the server follows on one stream. */
export const maxTails = 5;

/** A hidden tab's timers run once a minute: after this long without a word it is gone. */
export const tabSilenceMs = 150_000;

/** The queries of all tabs, each once, the oldest wish first; those over the limit are refused. */
export function unionOf(tabs: ReadonlyMap<string, Wants>): { followed: string[]; refused: string[] } {
  const all = [...new Set([...tabs.values()].flatMap(({ queries }) => queries))];
  return { followed: all.slice(0, maxTails), refused: all.slice(maxTails) };
}
