import { type Finding, pass, warn } from './check';
import type { Work } from './work';

/** Requests are split by weights, and no rule for `x-canary: true` is named (TRF-01). */
export function lacksHeader({ region: { pair } }: Pick<Work, 'region'>): boolean {
  const { traffic } = pair;
  if (traffic.kind === 'virtual-service') return traffic.headerRoute === undefined;
  return traffic.kind === 'http-route' && traffic.headerRule === undefined;
}

/** Without the rule the first requests of the new version are those of its first weight. */
export function noHeader(work: Pick<Work, 'region' | 'to'>): Finding {
  const { traffic } = work.region.pair;
  const member = traffic.kind === 'http-route' ? 'headerRule' : 'headerRoute';
  return lacksHeader(work)
    ? warn(
        `No rule for x-canary: true is named, so nobody can try ${work.to.version} before its first part of the requests. Add one to the route, and \`${member}\` to the pair in signalbox.yaml.`,
      )
    : pass(`Requests with x-canary: true go to ${work.to.version} from the first weight on.`);
}
