import { StateBadge } from '@/components/ui/state';
import type { StatusMessageView } from '@/lib/status/contract';
import { fullTime, impactTone, impactWord, messageWord, shortTime } from './words';

type MessageViewProps = { message: StatusMessageView; names: ReadonlyMap<string, string>; level?: 3 | 4 };

/** A message as the public reads it: newest update first. */
export function MessageView({ message, names, level = 3 }: MessageViewProps) {
  const Heading = level === 3 ? 'h3' : 'h4';
  const affected = message.components.flatMap((id) => names.get(id) ?? []);
  return (
    <article className="min-w-0">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <Heading className="font-semibold text-body [overflow-wrap:anywhere]">{message.title}</Heading>
        <p className="text-meta text-text-3">
          {message.resolvedAt === null ? (
            <>
              since <time dateTime={message.createdAt}>{fullTime(message.createdAt)}</time>
            </>
          ) : (
            <>
              <time dateTime={message.createdAt}>{shortTime(message.createdAt)}</time> to{' '}
              <time dateTime={message.resolvedAt}>{fullTime(message.resolvedAt)}</time>
            </>
          )}
        </p>
      </div>
      <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-text-2">
        <StateBadge tone={message.resolvedAt === null ? impactTone[message.impact] : 'unknown'}>
          {impactWord[message.impact]}
        </StateBadge>
        <span>{messageWord[message.state]}</span>
        {affected.length > 0 ? <span className="text-text-3">{affected.join(', ')}</span> : null}
      </div>
      <ol className="mt-2">
        {message.updates
          .toSorted((a, b) => b.at.localeCompare(a.at))
          .map((update) => (
            <li
              key={update.id}
              className="grid gap-x-4 gap-y-0.5 border-line border-t py-2.5 text-body sm:grid-cols-[104px_minmax(0,1fr)]"
            >
              <time dateTime={update.at} className="mono whitespace-nowrap text-meta text-text-3 leading-5">
                {shortTime(update.at)}
              </time>
              <p className="whitespace-pre-line text-text-2 [overflow-wrap:anywhere]">
                <b className="font-medium text-text">{messageWord[update.state]}.</b> {update.body}
              </p>
            </li>
          ))}
      </ol>
    </article>
  );
}
