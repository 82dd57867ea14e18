import { parser } from '@grafana/lezer-logql';
import type { SyntaxNode } from '@lezer/common';
import { unsupported } from '../error';
import { unquote } from './literals';
import { syntaxError } from './syntax';

/** One node of the grammar's tree together with the text it stands on. */
export class Node {
  private readonly node: SyntaxNode;
  private readonly query: string;

  constructor(node: SyntaxNode, query: string) {
    this.node = node;
    this.query = query;
  }

  get name(): string {
    return this.node.name;
  }

  get text(): string {
    return this.query.slice(this.node.from, this.node.to);
  }

  get children(): Node[] {
    const found: Node[] = [];
    for (let child = this.node.firstChild; child !== null; child = child.nextSibling) {
      if (child.name !== 'LineComment') found.push(new Node(child, this.query));
    }
    return found;
  }

  child(name: string): Node | null {
    return this.children.find((child) => child.name === name) ?? null;
  }

  all(name: string): Node[] {
    return this.children.filter((child) => child.name === name);
  }

  /** A child that the grammar guarantees; its absence is a form that this server does not know. */
  need(name: string): Node {
    const found = this.child(name);
    if (found === null) throw unsupported(this.text);
    return found;
  }

  /** The value of the string literal below this node. */
  string(): string {
    return unquote(this.need('String').text);
  }

  /** Items of a left-recursive list such as Matchers(Matchers(Matcher), Matcher), in order. */
  list(listName: string): Node[] {
    return this.children.flatMap((child) => (child.name === listName ? child.list(listName) : [child]));
  }
}

/** Parses with the grammar; throws LokiError 400 with upstream's sentence when the text is no LogQL. */
export function parseTree(query: string): Node {
  const tree = parser.parse(query);
  const error = syntaxError(query, tree);
  if (error !== null) throw error;
  return new Node(tree.topNode, query);
}
