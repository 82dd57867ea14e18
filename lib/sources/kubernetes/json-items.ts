/**
 * Cuts a Kubernetes List into its items while it arrives. A page of 500 pods is 4 MB and more; parsed as one
 * value it would live through the collector's young generation and grow the process, item by item it does not.
 * Only the grammar of JSON is relied on: strings, escapes, and the depth of braces.
 */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;
const itemsKey = Buffer.from('items');

export class ItemSplitter {
  /** Everything outside the items: the envelope with an empty list. */
  private readonly envelope: Buffer[] = [];
  private item: Buffer[] = [];
  private depth = 0;
  private inString = false;
  private escaped = false;
  private inItems = false;
  /** The string that was read last at depth 1, and whether a colon followed it: a key. */
  private text: number[] | null = null;
  private key = '';
  private readonly onItem: (json: string) => void;

  constructor(onItem: (json: string) => void) {
    this.onItem = onItem;
  }

  push(chunk: Buffer): void {
    let start = 0;
    let collecting = this.inItems && this.depth > 2;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (this.inString) {
        this.readString(byte);
        continue;
      }
      if (byte === QUOTE) {
        this.inString = true;
        if (this.depth === 1) this.text = [];
      } else if (byte === COLON && this.depth === 1 && this.text !== null) {
        this.key = Buffer.from(this.text).toString('utf8');
        this.text = null;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (this.depth === 1 && byte === OPEN_BRACKET && this.key === itemsKey.toString()) {
          this.envelope.push(Buffer.from(chunk.subarray(start, at + 1)));
          start = at + 1;
          this.inItems = true;
        } else if (this.inItems && this.depth === 2) {
          start = at;
          collecting = true;
        }
        this.depth++;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        this.depth--;
        if (this.inItems && this.depth === 2 && collecting) {
          this.item.push(chunk.subarray(start, at + 1));
          this.emit();
          collecting = false;
          start = at + 1;
        } else if (this.inItems && this.depth === 1) {
          this.inItems = false;
          this.key = '';
          start = at;
        }
      }
    }
    this.keepRest(chunk.subarray(start), collecting);
  }

  private readString(byte: number): void {
    if (this.escaped) this.escaped = false;
    else if (byte === BACKSLASH) this.escaped = true;
    else if (byte === QUOTE) {
      this.inString = false;
      return;
    }
    if (this.depth === 1 && this.text !== null) this.text.push(byte);
  }

  /** The tail of a chunk belongs to the item that is open, or to the envelope; commas between items to none. */
  private keepRest(rest: Buffer, collecting: boolean): void {
    if (rest.length === 0) return;
    if (this.inItems && collecting) this.item.push(Buffer.from(rest));
    else if (!this.inItems) this.envelope.push(Buffer.from(rest));
  }

  private emit(): void {
    const json = this.item.length === 1 ? this.item[0] : Buffer.concat(this.item);
    this.item = [];
    if (json !== undefined) this.onItem(json.toString('utf8'));
  }

  /** The envelope as JSON text, with `items` empty. Call it after the last chunk. */
  rest(): string {
    return Buffer.concat(this.envelope).toString('utf8');
  }
}
