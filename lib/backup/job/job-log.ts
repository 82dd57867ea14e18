import 'server-only';
import { isOpsError } from '@/lib/core/errors';
import { sleep } from '@/lib/core/time';
import { knownProblem, redact } from '../run-tool';
import { withoutRows } from '../tool-log';
import { type CopyJobs, type JobRef, jobText, type PodSeen } from './cluster';

type Source = {
  jobs: CopyJobs;
  place: { cluster: string };
  ref: JobRef;
  container: string;
  pollMs: number;
  secrets: readonly string[];
};

/** Lines that are read at once; what pg_dump says at its end is what counts. */
const LINES = 500;
/** While a Job runs its log is read with every so many looks: a pod that is deleted takes its log along. */
const EVERY = 5;
const LAST_LOOKS = 5;

/** What can go wrong in a pod and not with a tool of the worker. */
const ofPods: readonly [RegExp, string][] = [
  [
    /could not open (?:output )?file .*Permission denied/,
    'pg_dump may not write to the folder. Let the pod run as the user of the worker (securityContext.runAsUser).',
  ],
  [
    /could not open (?:output )?file .*No such file or directory/,
    'pg_dump does not find the folder. Mount the volume of the copies where the template writes to.',
  ],
  [
    /invalid snapshot identifier|could not import the requested snapshot/,
    'pg_dump does not find the snapshot. It has to reach the same server and database as backup.url.',
  ],
];

/** The log of a Job's pod, as far as it was read before the pod went: kept with the copy, without secrets and rows. */
export class JobLog {
  #said = '';
  #isCut = false;
  #pod = '';
  #looks = 0;
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  get text(): string {
    const { place, ref, container, secrets } = this.#source;
    const head = `Job ${jobText(place.cluster, ref)}, ${this.#pod === '' ? 'no pod was seen' : `pod ${this.#pod}, container ${container}`}\n`;
    return head + withoutRows(redact(this.#said, secrets), this.#isCut);
  }

  async readNowAndThen(pod: PodSeen | undefined): Promise<void> {
    if (pod?.isRunning !== true) return;
    this.#looks += 1;
    if (this.#looks % EVERY === 1) await this.#read(pod);
  }

  /** A pod that has ended says nothing new: it is asked until it answers, for a while. */
  async readLast(pod: PodSeen | null): Promise<void> {
    if (pod === null) return;
    for (let look = 0; look < LAST_LOOKS; look += 1) {
      if (await this.#read(pod)) return;
      await sleep(this.#source.pollMs);
    }
  }

  /** True: there is nothing more to be asked for. What was read before stays where it cannot be read any more. */
  async #read({ name }: PodSeen): Promise<boolean> {
    const { jobs, ref, container } = this.#source;
    try {
      const said = await jobs.log({ namespace: ref.namespace, name }, container, LINES);
      this.#said = said;
      this.#isCut = said.split('\n').length > LINES;
      this.#pod = name;
      return true;
    } catch (error) {
      if (!isOpsError(error)) throw error;
      if (error.code === 'unavailable') return false;
      if (this.#said === '') this.#said = `The log could not be read: ${error.message}\n`;
      this.#pod = name;
      return true;
    }
  }

  /** The sentence of a failure with what the log tells of its cause. */
  inWords(problem: string): string {
    const said = withoutRows(redact(this.#said, this.#source.secrets), this.#isCut);
    const cause = ofPods.find(([pattern]) => pattern.test(said))?.[1] ?? knownProblem('pg_dump', said);
    if (cause !== null) return `${problem} ${cause}`;
    const line = said.split('\n').findLast((text) => /error|fatal/i.test(text));
    return line === undefined ? problem : `${problem} It said: ${line.slice(0, 300)}`;
  }
}
