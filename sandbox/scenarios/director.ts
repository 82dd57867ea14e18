import type { Cluster } from '../kubernetes/cluster';
import type { Loki } from '../loki/server';
import type { TcpProxy } from '../prometheus/proxy';
import type { ScenarioName } from './names';

export type Stage = { clusters: readonly Cluster[]; loki: Loki; prometheus: TcpProxy };

const FORBIDDEN_CLUSTER = 'eu-west-1';

/** Plays one scenario at a time: undoes what the last one did before it starts the next. */
export class Director {
  readonly #stage: Stage;
  #undo: (() => Promise<void>) | null = null;
  #current: ScenarioName = 'calm';
  #changing: Promise<void> = Promise.resolve();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  get current(): ScenarioName {
    return this.#current;
  }

  async set(name: ScenarioName): Promise<void> {
    this.#changing = this.#changing.then(() => this.#change(name));
    await this.#changing;
  }

  async #change(name: ScenarioName): Promise<void> {
    const undo = this.#undo;
    this.#undo = null;
    if (undo) await undo();
    // The workload reads the current name with each request: bad-release and slow-burn need no more.
    this.#current = name;
    if (name === 'prometheus-down') {
      await this.#stage.prometheus.setFault({ refuse: true });
      this.#undo = () => this.#stage.prometheus.setFault({});
    }
    if (name === 'loki-down') {
      const id = this.#stage.loki.faults.add({ kind: 'status', status: 503 });
      this.#undo = async () => {
        this.#stage.loki.faults.remove(id);
      };
    }
    if (name === 'cluster-forbidden') this.#undo = this.#withdrawRights();
  }

  /** The web's account may read nothing more, and its open watches end as if its role were taken away. */
  #withdrawRights(): () => Promise<void> {
    const cluster = this.#stage.clusters.find(({ id }) => id === FORBIDDEN_CLUSTER);
    if (!cluster) return async () => undefined;
    const account = 'signalbox-web';
    const right = cluster.faults.add({
      action: { kind: 'withdraw-right', subject: { account }, verb: '*', resource: '*' },
    });
    const watches = cluster.faults.add({ account, action: { kind: 'drop-watch', clean: true } });
    cluster.faults.remove(watches);
    return async () => {
      cluster.faults.remove(right);
    };
  }
}
