import type { ChangeView, MeasuredView, MeasurementView } from '@/lib/change/contract';
import type { Analysis } from '@/lib/change/staged/contract';
import type { StagedPlan } from '@/lib/change/staged/staged-plan';
import { shareText } from './staged-timeline';

type Points = [number, number | null][];
export type RegionReadings = {
  region: string;
  analysis: Analysis;
  /** The newest, and what there is of all of them; undefined while there is none. */
  readings: MeasurementView[];
  /** The newest of how the version behaves; of its share where there is no other. */
  last: MeasurementView | undefined;
  all: MeasuredView | undefined;
  /** Failed parts of the requests by unix seconds; null where a window could not be judged. */
  fresh: Points;
  old: Points;
  /** When the requests of the region were steered anew, with the share they then had. */
  markers: { at: number; label: string }[];
};

/** Failed ones among all; null without requests. */
export const ratioOf = (failed: number | null, total: number | null): number | null =>
  failed === null || total === null || total <= 0 ? null : failed / total;

const unix = (at: string): number => Math.floor(Date.parse(at) / 1000);

/** The readings of each region with the errors of both versions as lines; a gap stays a gap. */
export function readingsByRegion(view: ChangeView, { staged }: StagedPlan): RegionReadings[] {
  return staged.analysis.map((analysis) => {
    const readings = view.measurements.filter(({ region }) => region === analysis.region);
    const judged = ({ verdict }: MeasurementView) => verdict === 'PASS' || verdict === 'FAIL';
    // Between them stand those of its share, which tell of no failures and would cut the lines.
    const figures = readings.filter(({ proves }) => !proves);
    return {
      region: analysis.region,
      analysis,
      readings,
      last: figures.at(-1) ?? readings.at(-1),
      all: view.measured.find(({ region }) => region === analysis.region),
      fresh: figures.map((one) => [unix(one.at), judged(one) ? ratioOf(one.failed, one.total) : null]),
      old: figures.map((one) => [
        unix(one.at),
        judged(one) ? ratioOf(one.baselineFailed, one.baselineTotal) : null,
      ]),
      markers: view.steps.flatMap(({ n, startedAt }) => {
        const step = staged.steps[n - 1];
        return startedAt !== null && step?.do === 'prove' && step.region === analysis.region
          ? [{ at: unix(startedAt), label: shareText(step.share) }]
          : [];
      }),
    };
  });
}
