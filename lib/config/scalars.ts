import { z } from 'zod';
import { parseDuration } from '@/lib/core/duration';
import { slugForm } from '@/lib/core/ids';

/** The Slug of lib/core/ids for settings, whose schemas are explained to people and so are of the full zod. */
export const Slug = z.string().regex(slugForm.pattern, slugForm.message);

/** Duration text in, seconds out. */
export const Duration = z
  .string()
  .transform((text, context) => {
    const seconds = parseDuration(text);
    if (seconds === null) {
      context.addIssue({ code: 'custom', message: 'must be a duration such as 30s, 5m, 4h or 30d' });
      return z.NEVER;
    }
    return seconds;
  })
  .describe('A duration such as 30s, 5m, 4h or 30d');
