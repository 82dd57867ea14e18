import type { Verdict } from '../model';

/** Between a scrape and the moment at which queries see its samples, in seconds (change-engine.md 2.7). */
export const ingestLagOf = ({ ingestLagSeconds }: { ingestLagSeconds?: number | undefined }): number =>
  ingestLagSeconds ?? 5;

/** What Prometheus said of one region at one moment; null: nothing was found. Values may be NaN or infinite. */
export type Readings =
  | { ok: false; problem: string }
  | {
      ok: true;
      /** Unix seconds at which all figures were evaluated. */
      at: number;
      warnings: readonly string[];
      total: number | null;
      failed: number | null;
      baselineTotal: number | null;
      baselineFailed: number | null;
      /** Of the other pods of the old version, where the baseline is pods of its own. */
      old?: { total: number | null; failed: number | null } | null;
      all: number | null;
      /** Seconds since the newest sample of the new version. */
      sampleAge: number | null;
      /** Pods of the new version with new samples; null where it is not asked. */
      pods: number | null;
      /** The same of the baseline. */
      baselinePods?: number | null;
    };

/** Pods that are ready, and so have to be scraped; null: not known, or not asked. */
export type ReadyPods = { pods: number | null; baselinePods?: number | null };

export type Judged = {
  verdict: Verdict;
  /** Requests of the new version in the window, and how many of them failed; null: not known. */
  total: number | null;
  failed: number | null;
  baselineTotal: number | null;
  baselineFailed: number | null;
  /** Of the new version among all requests, 0 to 1. */
  share: number | null;
  /** A sentence for people. */
  detail: string;
};

/** One judgement as it is kept. */
export type Measurement = { verdict: Verdict; atMs: number; total: number | null; detail: string };
