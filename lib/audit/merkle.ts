import { createHash } from 'node:crypto';

/** Hashes of RFC 6962 section 2.1 (the same in RFC 9162): SHA-256, leaves and nodes kept apart by a prefix byte. */
export type Hash = Uint8Array<ArrayBuffer>;
export const HASH_BYTES = 32;

const sha256 = (...parts: Uint8Array[]): Hash => {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return new Uint8Array(digest.digest());
};

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

export const leafHash = (bytes: Uint8Array): Hash => sha256(leafPrefix, bytes);
export const nodeHash = (left: Uint8Array, right: Uint8Array): Hash => sha256(nodePrefix, left, right);
/** The root of no entries: SHA-256 of nothing. */
export const emptyRoot = (): Hash => sha256();

/**
 * The frontier of a tree of `size` leaves: the roots of the perfect subtrees that it is made of, largest first.
 * There is one for each 1 bit of `size`. It is all that is needed to append and to compute the root.
 */
export type Frontier = { size: number; nodes: Hash[] };

export const emptyFrontier = (): Frontier => ({ size: 0, nodes: [] });

/** The tree with one more leaf: equal subtrees merge, as a carry runs through the bits of the size. */
export function append({ size, nodes }: Frontier, leaf: Hash): Frontier {
  const kept = [...nodes];
  let merged = leaf;
  for (let bits = size; bits % 2 === 1; bits = Math.floor(bits / 2)) {
    const left = kept.pop();
    if (left === undefined) throw new RangeError(`A tree of ${size} leaves cannot have so few nodes.`);
    merged = nodeHash(left, merged);
  }
  return { size: size + 1, nodes: [...kept, merged] };
}

/** The root of the whole tree: the subtrees are joined from the smallest to the largest. */
export function rootOf({ nodes }: Frontier): Hash {
  return nodes.length === 0 ? emptyRoot() : nodes.reduceRight((right, left) => nodeHash(left, right));
}

/** The frontier as one row of bytes, largest subtree first. */
export function encodeFrontier({ nodes }: Frontier): Hash {
  const bytes = new Uint8Array(nodes.length * HASH_BYTES);
  nodes.forEach((node, index) => {
    bytes.set(node, index * HASH_BYTES);
  });
  return bytes;
}

/** Throws RangeError when the bytes cannot be the frontier of a tree of that size. */
export function decodeFrontier(size: number, bytes: Uint8Array): Frontier {
  const ones = [...size.toString(2)].filter((bit) => bit === '1').length;
  if (bytes.length !== ones * HASH_BYTES) {
    throw new RangeError(
      `A log of ${size} entries has a frontier of ${ones} hashes, not ${bytes.length} bytes.`,
    );
  }
  const nodes = Array.from(
    { length: ones },
    (_, index) => new Uint8Array(bytes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES)),
  );
  return { size, nodes };
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const sameHash = (left: Uint8Array, right: Uint8Array): boolean =>
  Buffer.from(left).equals(Buffer.from(right));
