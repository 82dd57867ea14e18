import 'server-only';
import type { Execution } from './execution';
import { isNews, Progress, resumeProgress, startProgress } from './progress';

/**
 * The clock of a rollout over the life of workers: one that is replaced every few minutes must not give a rollout
 * without progress ever new time.
 */
export class KeptProgress {
  now: Progress;
  private kept: Progress | null = null;

  private constructor(now: Progress) {
    this.now = now;
  }

  static async read(run: Execution, nowMs: number): Promise<KeptProgress> {
    const row = await run.db.rolloutProgress.findUnique({ where: { changeNumber: run.number } });
    const before = row === null ? null : Progress.parse(row.progress);
    return new KeptProgress(before === null ? startProgress(nowMs) : resumeProgress(before, nowMs));
  }

  /** Written only under this claim's epoch: a worker that lost the change does not turn the clock back. */
  async follow(run: Execution, progress: Progress): Promise<void> {
    this.now = progress;
    if (!isNews(this.kept, progress)) return;
    this.kept = progress;
    await run.db.$executeRaw`
      INSERT INTO rollout_progress (change_number, progress)
      SELECT number, ${JSON.stringify(progress)}::jsonb FROM change
      WHERE number = ${run.number} AND epoch = ${run.epoch}
      ON CONFLICT (change_number) DO UPDATE SET progress = excluded.progress`;
  }
}
