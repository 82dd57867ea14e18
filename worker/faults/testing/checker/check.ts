import { checkChain } from './chain';
import { checkFences, checkIntents } from './fences';
import { type History, readHistory, type Violation } from './history';
import { checkEnds, checkLocks, checkSuccess } from './life';
import { checkAdvances, checkCapacity, checkWeights } from './traffic';

/** Every breach of the invariants I1 to I8 (change-engine.md 5.1) in a history; none when all hold. */
export function check(history: History): Violation[] {
  const read = readHistory(history);
  const { log } = history;
  return [
    ...checkFences(read),
    ...checkIntents(read),
    ...checkWeights(read),
    ...checkAdvances(read),
    ...checkSuccess(read),
    ...checkCapacity(read),
    ...checkEnds(read),
    ...(log === undefined ? [] : checkChain(log.bodies, log.anchors)),
    ...checkLocks(read),
  ];
}
