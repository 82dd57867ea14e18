import type { KubeObject } from '../store';
import { type Context, RESOURCES } from './context';
import { conditionOf, listAt, textAt, textMapAt, trueAt } from './read';
import { matchesLabels } from './selector';

/** Chooses nodes: ready, open for work, selected by labels, with room; the one with the fewest pods. */
export class Scheduler {
  readonly #context: Context;
  readonly #counts = new Map<string, number>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** A pod came to (1) or left (-1) a node. */
  count(node: string, step: 1 | -1): void {
    this.#counts.set(node, (this.#counts.get(node) ?? 0) + step);
  }

  pick(pod: KubeObject): KubeObject | undefined {
    const fitting = this.#context.store.list(RESOURCES.nodes).filter((node) => this.#fits(node, pod));
    const least = Math.min(...fitting.map((node) => this.#podsOn(node)));
    const best = fitting.filter((node) => this.#podsOn(node) === least);
    return best[Math.floor(this.#context.random() * best.length)];
  }

  /** The sentence of a FailedScheduling event. */
  refusal(pod: KubeObject): string {
    const nodes = this.#context.store.list(RESOURCES.nodes);
    const because = new Map<string, number>();
    for (const node of nodes) {
      const why = this.#whyNot(node, pod) ?? 'node(s) were not considered';
      because.set(why, (because.get(why) ?? 0) + 1);
    }
    const reasons = [...because].map(([why, count]) => `${count} ${why}`).join(', ');
    return nodes.length === 0
      ? 'no nodes available to schedule pods'
      : `0/${nodes.length} nodes are available: ${reasons}.`;
  }

  #fits(node: KubeObject, pod: KubeObject): boolean {
    return this.#whyNot(node, pod) === null;
  }

  #whyNot(node: KubeObject, pod: KubeObject): string | null {
    if (trueAt(node, 'spec', 'unschedulable')) return 'node(s) were unschedulable';
    const taint = listAt(node, 'spec', 'taints').find((one) => one['effect'] !== 'PreferNoSchedule');
    if (taint) return `node(s) had untolerated taint(s) {${textAt(taint, 'key') ?? ''}}`;
    if (conditionOf(node, 'Ready')?.['status'] !== 'True') return 'node(s) were not ready';
    const selector = textMapAt(pod, 'spec', 'nodeSelector');
    if (Object.keys(selector).length > 0 && !matchesLabels(selector, node.metadata.labels)) {
      return "node(s) didn't match Pod's node affinity/selector";
    }
    return this.#podsOn(node) >= Number(textAt(node, 'status', 'allocatable', 'pods') ?? 110)
      ? 'Too many pods'
      : null;
  }

  #podsOn(node: KubeObject): number {
    return this.#counts.get(node.metadata.name) ?? 0;
  }
}
