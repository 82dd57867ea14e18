import { Feed } from 'feed';
import type { PublishedStatus } from './contract';
import { escapeHtml } from './html';

/** Atom feed of the messages (RFC 4287, W-18): stable ids, `updated` moves with each update. */
export function feedOf(status: PublishedStatus, url: string): string {
  const messages = [...status.active, ...status.past];
  const updated = messages.map((message) => message.updates[0]?.at ?? message.createdAt).sort();
  const feed = new Feed({
    id: `${url}/feed.xml`,
    title: status.title,
    link: url,
    feed: `${url}/feed.xml`,
    feedLinks: { atom: `${url}/feed.xml` },
    updated: new Date(updated.at(-1) ?? status.publishedAt),
    generator: 'Signalbox',
    author: { name: status.title },
  });
  for (const message of messages) {
    const link = `${url}#${message.id}`;
    feed.addItem({
      id: `urn:uuid:${message.id}`,
      // The library marks titles as HTML, so they are escaped like the bodies.
      title: escapeHtml(message.title),
      link,
      date: new Date(message.updates[0]?.at ?? message.createdAt),
      published: new Date(message.createdAt),
      content: message.updates
        .map(({ at, state, body }) => `<p><b>${state}</b> ${at}<br/>${escapeHtml(body)}</p>`)
        .join(''),
    });
  }
  return feed.atom1();
}
