/** Pod addresses 10.244.0.1 … 10.244.255.254, each used by one living pod at a time. */
export class PodAddresses {
  readonly #used = new Set<string>();
  readonly #own: (() => string) | undefined;
  #last = 0;

  /** `own`: gives the address of the next pod instead. */
  constructor(own?: () => string) {
    this.#own = own;
  }

  take(ip: string): void {
    this.#used.add(ip);
  }

  release(ip: string): void {
    this.#used.delete(ip);
  }

  /** Throws when all addresses are taken. */
  next(): string {
    if (this.#own) return this.#own();
    for (let tries = 0; tries < 65_536; tries += 1) {
      this.#last = (this.#last + 1) % 65_536;
      const low = this.#last % 256;
      const ip = `10.244.${Math.floor(this.#last / 256)}.${low}`;
      if (low === 0 || low === 255 || this.#used.has(ip)) continue;
      this.#used.add(ip);
      return ip;
    }
    throw new Error('All 65,024 pod addresses are in use. Run fewer pods.');
  }
}
