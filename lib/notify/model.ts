/**
 * What is told outside. `failed` is an end that needs a person; `undone` went back to the last known good; `regressed`
 * succeeded and is worse than before by one of the looks after it; `stalled` stands still because what it needs does not
 * answer, or because nothing moves on its way back, and is told once each time; `review_due` and `review_overdue` remind of a way back
 * that one person ordered alone and that no lead has looked at.
 */
export const notifiedEvents = [
  'requested',
  'signed',
  'approved',
  'started',
  'held',
  'stalled',
  'succeeded',
  'undone',
  'failed',
  'regressed',
  'review_due',
  'review_overdue',
] as const;
export type NotifiedEvent = (typeof notifiedEvents)[number];

/** Slack's incoming-webhook message: text and blocks, with a link and never a button (trust.md 1.3, 10). */
export type WebhookMessage = {
  text: string;
  blocks: { type: 'section'; text: { type: 'mrkdwn'; text: string } }[];
};

/** The three characters that Slack's markup gives a meaning. */
export const escapeMarkup = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** `url` is null when the console does not know its own address: then there is no link. */
export function changeMessage(
  told: { id: string; title: string; sentence: string },
  url: string | null,
): WebhookMessage {
  const name = url === null ? told.id : `<${url}|${told.id}>`;
  const line = `*${name} ${escapeMarkup(told.title)}*\n${escapeMarkup(told.sentence)}`;
  return {
    text: `${told.id} ${escapeMarkup(told.title)}: ${escapeMarkup(told.sentence)}`,
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: line } }],
  };
}

/** A sentence alone. */
export const plainMessage = (sentence: string): WebhookMessage => ({
  text: escapeMarkup(sentence),
  blocks: [{ type: 'section', text: { type: 'mrkdwn', text: escapeMarkup(sentence) } }],
});
