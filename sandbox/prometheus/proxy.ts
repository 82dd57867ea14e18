import { connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** What the proxy does to its clients; `delayMs` holds back each answer, `cutAfterBytes` ends it early. */
export type ProxyFault = { refuse?: boolean; delayMs?: number; cutAfterBytes?: number };

/**
 * A TCP proxy in front of a real server, so that a client meets real network faults: connections refused
 * or reset, answers that come late or break off.
 */
export class TcpProxy {
  readonly #sockets = new Set<Socket>();
  readonly #target: { host: string; port: number };
  #server: ReturnType<typeof createServer> | null = null;
  #port: number;
  #fault: ProxyFault = {};
  #changing: Promise<void> = Promise.resolve();

  /** `port` 0 takes any free one and keeps it from then on. */
  constructor(options: { port: number; targetPort: number; targetHost?: string }) {
    this.#port = options.port;
    this.#target = { host: options.targetHost ?? '127.0.0.1', port: options.targetPort };
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  get fault(): ProxyFault {
    return this.#fault;
  }

  async start(): Promise<void> {
    await this.#listen();
  }

  /** Replaces the fault; open connections are reset when new ones are refused. */
  async setFault(fault: ProxyFault): Promise<void> {
    this.#fault = fault;
    this.#changing = this.#changing.then(() => (this.#fault.refuse ? this.#close() : this.#listen()));
    await this.#changing;
  }

  async stop(): Promise<void> {
    await this.#changing;
    await this.#close();
  }

  async #listen(): Promise<void> {
    if (this.#server) return;
    const server = createServer({ allowHalfOpen: true }, (client) => this.#pipe(client));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (address !== null && typeof address !== 'string') this.#port = address.port;
    this.#server = server;
  }

  async #close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    for (const socket of this.#sockets) socket.resetAndDestroy();
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #pipe(client: Socket): void {
    const upstream = connect(this.#target.port, this.#target.host);
    for (const socket of [client, upstream]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('close', () => this.#sockets.delete(socket));
      // A reset on one side ends the other; there is nothing else to do about it.
      socket.on('error', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.pipe(this.#faulty(client, upstream)).pipe(client);
    client.on('close', () => upstream.destroy());
  }

  /** Carries the answer, late or cut off as the fault of the moment wants it. */
  #faulty(client: Socket, upstream: Socket): Transform {
    let sent = 0;
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        const { delayMs = 0, cutAfterBytes } = this.#fault;
        const pass = () => {
          const left = cutAfterBytes === undefined ? chunk.length : cutAfterBytes - sent;
          if (left < chunk.length) {
            client.write(chunk.subarray(0, Math.max(0, left)), () => client.resetAndDestroy());
            upstream.destroy();
            return;
          }
          sent += chunk.length;
          done(null, chunk);
        };
        if (delayMs === 0) pass();
        else setTimeout(pass, delayMs);
      },
    });
  }
}
