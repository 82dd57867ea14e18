import { formatDuration } from '@/lib/core/duration';

export type Evidence = { seconds: number | null; sentence: string };

/**
 * How long a share of the traffic takes to give as many requests as a verdict needs: minimum / (share x rate)
 * (change-engine.md 2.7; 300 at 2 requests a second and 5 % are 50 min). `share` is 0 to 1; null: the rate is not known.
 */
export function timeToEvidence(
  minRequests: number,
  share: number,
  requestsPerSecond: number | null,
): Evidence {
  const part = `${percentOf(share)} of the requests`;
  if (requestsPerSecond === null) {
    return {
      seconds: null,
      sentence: `How long ${minRequests} requests take is not known: nobody counts them.`,
    };
  }
  const rate = share * requestsPerSecond;
  if (rate <= 0) {
    return { seconds: null, sentence: `${part} are none, so ${minRequests} never come.` };
  }
  const seconds = Math.ceil(minRequests / rate);
  return { seconds, sentence: `${minRequests} requests take about ${formatDuration(seconds)} at ${part}.` };
}

const percentOf = (share: number): string => `${Number((share * 100).toFixed(1))} %`;
