/** An error for the person at the terminal: what was blocked and why, and what to do about it. No stack is shown. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly next: string | undefined;

  constructor(message: string, next?: string, cause?: unknown) {
    super(message, { cause });
    this.next = next;
  }
}

/** The text a person sees: message and advice of a UserError, the stack of anything else (a defect of ours). */
export function describeError(error: unknown): string {
  if (error instanceof UserError) return error.next ? `${error.message}\n${error.next}` : error.message;
  if (error instanceof Error) return error.stack ?? error.message;
  return String(error);
}
