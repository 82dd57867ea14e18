import { seedFor } from './random';

/**
 * Counters of machines and caches as functions of time alone: what is written as past and what is scraped now are one
 * line, and nothing has to be kept.
 */
const DAY = 86_400;
const FROM = Date.UTC(2026, 0, 1) / 1000;
/** The peak of the day, 14:00 UTC, as that of the requests. */
const PEAK = (14 / 24) * DAY;

/** `mean + wave` around the day and `ripple` around a shorter period, per second. */
type Flow = { mean: number; wave: number; ripple: number; period: number; phase: number };

/** What a flow has brought since the beginning: its integral in closed form. */
function since({ mean, wave, ripple, period, phase }: Flow, seconds: number): number {
  const long = (2 * Math.PI) / DAY;
  const short = (2 * Math.PI) / period;
  const at = (time: number) =>
    mean * time +
    (wave / long) * Math.sin(long * (time - PEAK)) -
    (ripple / short) * Math.cos(short * time + phase);
  return at(Math.max(seconds, FROM)) - at(FROM);
}

const phaseOf = (name: string): number => ((seedFor(7, name) % 1000) / 1000) * 2 * Math.PI;

export const cpuModes = ['idle', 'iowait', 'system', 'user'] as const;
export type CpuMode = (typeof cpuModes)[number];

/** Seconds that one processor of a node has spent in each mode; together they are the time that has passed. */
export function cpuSecondsAt(node: string, nowMs: number): Record<CpuMode, number> {
  const seconds = nowMs / 1000;
  const phase = phaseOf(node);
  const iowait = since({ mean: 0.021, wave: 0.007, ripple: 0.005, period: 1370, phase }, seconds);
  const user = since({ mean: 0.31, wave: 0.06, ripple: 0.02, period: 1810, phase }, seconds);
  const system = since({ mean: 0.07, wave: 0.01, ripple: 0.005, period: 1810, phase }, seconds);
  const idle = Math.max(0, seconds - FROM) - iowait - user - system;
  return { idle, iowait, system, user };
}

/** Lookups that the cache of a service answered, and those it could not. */
export function cacheAt(service: string, region: string, nowMs: number): { hits: number; misses: number } {
  const seconds = nowMs / 1000;
  const phase = phaseOf(`${service}/${region}`);
  return {
    hits: Math.floor(since({ mean: 38.5, wave: 7.7, ripple: 2, period: 2150, phase }, seconds)),
    misses: Math.floor(since({ mean: 1.45, wave: 0.29, ripple: 0.2, period: 2150, phase }, seconds)),
  };
}
