import {
  append,
  decodeFrontier,
  emptyFrontier,
  encodeFrontier,
  type Frontier,
  type Hash,
  hex,
  rootOf,
} from '@/lib/audit/merkle';
import type { LogPoint } from './manifest';

/** Before the first entry of all. */
export const startOfLog = (): LogPoint => pointOf(emptyFrontier(), null);

export const pointOf = (tree: Frontier, leaf: Uint8Array | null): LogPoint => ({
  size: tree.size,
  root: hex(rootOf(tree)),
  frontier: hex(encodeFrontier(tree)),
  leaf: leaf === null ? null : hex(leaf),
});

/** The tree at a point. Throws RangeError when its frontier cannot be that of its size. */
const treeOf = ({ size, frontier }: LogPoint): Frontier =>
  decodeFrontier(size, new Uint8Array(Buffer.from(frontier, 'hex')));

/** The log from a point on: entries are added, and the point that they lead to is told. */
export class LogWalk {
  #tree: Frontier;
  #leaf: string | null;

  constructor(from: LogPoint) {
    this.#tree = treeOf(from);
    this.#leaf = from.leaf;
  }

  add(leaf: Hash): void {
    this.#tree = append(this.#tree, leaf);
    this.#leaf = hex(leaf);
  }

  get point(): LogPoint {
    return { ...pointOf(this.#tree, null), leaf: this.#leaf };
  }
}

export const samePoint = (left: LogPoint, right: LogPoint): boolean =>
  left.size === right.size &&
  left.root === right.root &&
  left.frontier === right.frontier &&
  left.leaf === right.leaf;

/** `6 entries, root 3a7f0c…` */
export const pointText = ({ size, root }: LogPoint): string => `${size} entries, root ${root}`;
