import net from 'node:net';
import { z } from 'zod';
import { type Frame, Frames, statementOf, valuesOf, withStatement } from './frames';
import type { Gate } from './gate';

/** What goes wrong with the n-th question of one worker to the served database, from 1: the connection breaks. */
export type ServedFault = { n: number; lost: 'question' | 'answer' };

/** A statement that changes something, as the server answered it. */
export type Order = { worker: string; sql: string; atMs: number; row: readonly (string | null)[] };

type Current = { faults: readonly ServedFault[]; statement: (sql: string) => string };
type Options = {
  worker: string;
  port: number;
  nowMs: () => number;
  /** Whose process asks; read when a connection is made, and then it stays with that one. */
  gateOf: () => Gate | undefined;
  /** Whether a statement leaves something behind at the server. */
  acts: (sql: string) => boolean;
  /**
   * The server ends what stands still where the connection has told it to. False: it is slower than the lease, which
   * is harder for whoever comes late.
   */
  endsIdle?: boolean;
};

/**
 * Stands between one worker and a real PostgreSQL: each statement is a point of the worker's gate, and its answer is
 * held until the point after it. What a process that stands still had sent arrives when it goes on; what a dead one had
 * not sent never does.
 */
export async function gatedPostgres(options: Options) {
  const orders: Order[] = [];
  const open = new Set<net.Socket>();
  let current: Current = { faults: [], statement: (sql) => sql };
  let asked = 0;
  const server = net.createServer((client) => {
    const upstream = net.connect(options.port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => open.delete(socket));
    }
    const conversation = new Conversation(client, upstream, options);
    client.on('data', (chunk) => {
      conversation.said(chunk, async (statements, send) => {
        asked += 1;
        const n = asked;
        const fault = current.faults.find((one) => one.n === n);
        if (fault?.lost === 'question') throw new Error('The question was lost.');
        const row = await send((sql) => current.statement(sql));
        const sql = statements.find(options.acts);
        if (sql !== undefined) orders.push({ worker: options.worker, sql, atMs: options.nowMs(), row });
        if (fault?.lost === 'answer') throw new Error('The answer was lost.');
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    port,
    /** What changed something at the server, in the order of the server's answers. */
    orders,
    use: (faults: readonly ServedFault[], statement: Current['statement'] = (sql) => sql) => {
      current = { faults, statement };
      asked = 0;
    },
    stop: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type GatedPostgres = Awaited<ReturnType<typeof gatedPostgres>>;

type Send = (statement: (sql: string) => string) => Promise<readonly (string | null)[]>;
type Exchange = (statements: readonly string[], send: Send) => Promise<void>;

const wordsOf = (sql: string): string => sql.trim().toLowerCase().split(/\s+/).slice(0, 2).join(' ');

/** One connection: what the client says is a question when the server has to answer it before anything else. */
class Conversation {
  readonly #client: net.Socket;
  readonly #upstream: net.Socket;
  readonly #options: Options;
  readonly #gate: Gate | undefined;
  readonly #said = new Frames(false);
  readonly #heard = new Frames(true);
  #question: Frame[] = [];
  #work: Promise<void> = Promise.resolve();
  #isInTransaction = false;
  /** What the connection has said of standing still, `idle_session_timeout` for one. */
  #limits = '';
  #answer: { frames: Frame[]; whole: () => void; broken: (error: Error) => void } | null = null;

  constructor(client: net.Socket, upstream: net.Socket, options: Options) {
    this.#client = client;
    this.#upstream = upstream;
    this.#options = options;
    this.#gate = options.gateOf();
    upstream.on('data', (chunk) => this.#hear(chunk));
    const closed = options.endsIdle === true ? this.#gate?.holdOpen(async () => this.#endIdle()) : undefined;
    upstream.on('close', () => {
      closed?.();
      this.#answer?.broken(new Error('The server broke the connection.'));
      client.destroy();
    });
    // A question that waits at the gate is under way: it arrives although nobody waits for its answer any more.
    client.on('close', () => void this.#work.finally(() => upstream.destroy()));
  }

  said(chunk: Buffer, exchange: Exchange): void {
    for (const frame of this.#said.take(chunk)) {
      this.#question.push(frame);
      if (!['startup', 'p', 'X', 'Q', 'S'].includes(frame.type)) continue;
      const question = this.#question;
      this.#question = [];
      this.#work = this.#work
        .then(() => this.#ask(question, frame.type, exchange))
        .catch(() => {
          this.#client.destroy();
          this.#upstream.destroy();
        });
    }
  }

  async #ask(question: readonly Frame[], type: string, exchange: Exchange): Promise<void> {
    const plainly = async () => {
      this.#upstream.write(Buffer.concat(question.map(({ bytes }) => bytes)));
    };
    if (type === 'p' || type === 'X' || this.#gate === undefined) return plainly();
    if (type === 'startup') return this.#gate.pass('served', 'connect', plainly);
    const statements = question.flatMap((frame) => statementOf(frame) ?? []);
    const acts = statements.some(this.#options.acts);
    this.#limits += statements.filter((sql) => /idle_\w*session_timeout/.test(sql)).join(' ');
    const name = acts ? `act ${wordsOf(statements[0] ?? '')}` : wordsOf(statements[0] ?? '');
    const heard: Frame[] = [];
    const send: Send = async (statement) => {
      const sent = question.map((frame) => {
        const sql = statementOf(frame);
        return sql === null ? frame : withStatement(frame, statement(sql));
      });
      const whole = new Promise<void>((resolve, reject) => {
        this.#answer = { frames: heard, whole: resolve, broken: reject };
      });
      this.#upstream.write(Buffer.concat(sent.map(({ bytes }) => bytes)));
      await whole.finally(() => {
        this.#answer = null;
      });
      const row = heard.findLast((frame) => frame.type === 'D');
      return row === undefined ? [] : valuesOf(row);
    };
    await this.#gate.pass('served', name, () => exchange(statements, send), acts);
    this.#client.write(Buffer.concat(heard.map(({ bytes }) => bytes)));
  }

  #endIdle(): void {
    const limit = this.#isInTransaction ? 'idle_in_transaction_session_timeout' : 'idle_session_timeout';
    if (!this.#limits.includes(limit)) return;
    this.#client.destroy();
    this.#upstream.destroy();
  }

  #hear(chunk: Buffer): void {
    for (const frame of this.#heard.take(chunk)) {
      // ReadyForQuery tells whether a transaction is open.
      if (frame.type === 'Z') this.#isInTransaction = String.fromCharCode(frame.bytes[5] ?? 0) !== 'I';
      if (this.#answer === null) {
        this.#client.write(frame.bytes);
        continue;
      }
      this.#answer.frames.push(frame);
      if (frame.type === 'Z') this.#answer.whole();
    }
  }
}
