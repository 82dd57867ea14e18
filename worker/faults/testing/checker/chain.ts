import { createHash } from 'node:crypto';
import type { Anchor, Violation } from './history';

const sha256 = (...parts: Buffer[]): Buffer => {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest();
};
const leaf = (body: string): Buffer => sha256(Buffer.of(0), Buffer.from(body, 'utf8'));

/** The root of a log by the recursive definition of RFC 6962, 2.1. */
export function rootOf(leaves: readonly Buffer[]): Buffer {
  const [first] = leaves;
  if (first === undefined) return sha256();
  if (leaves.length === 1) return first;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(Buffer.of(1), rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

/** I7: the log has every root that was noted outside, so nothing that was there then was changed or is gone. */
export function checkChain(bodies: readonly string[], anchors: readonly Anchor[]): Violation[] {
  const leaves = bodies.map(leaf);
  return anchors.flatMap(({ size, root }): Violation[] => {
    if (size > bodies.length) {
      const what = `The audit log has ${bodies.length} entries, and ${size} were noted outside: its tail is lost.`;
      return [{ invariant: 'I7', what }];
    }
    if (rootOf(leaves.slice(0, size)).toString('hex') === root) return [];
    return [
      { invariant: 'I7', what: `The first ${size} entries are not those whose root was noted outside.` },
    ];
  });
}
