'use client';

import { signIn } from 'next-auth/react';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { StateGlyph } from '@/components/ui/state';
import { problemOf, unavailable } from './sign-in-problem';

type SignInFormProps = {
  /** A path of ours; the page has checked it. */
  callback: string;
  /** Name of the OIDC provider; null when none is configured. */
  ssoName: string | null;
  /** What went wrong before the page was opened, in words. */
  problem: string | null;
};

export function SignInForm({ callback, ssoName, problem: initial }: SignInFormProps) {
  const [problem, setProblem] = useState(initial);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    const result = await signIn('credentials', {
      email: form.get('email'),
      password: form.get('password'),
      redirect: false,
    }).catch(() => undefined);
    const wrong = result === undefined ? unavailable : problemOf(result.error, result.url);
    if (wrong === null) {
      window.location.assign(callback);
      return;
    }
    setProblem(wrong);
    setBusy(false);
  };
  // "post": a form sent before its script runs must not put the password into the address.
  return (
    <form method="post" onSubmit={submit} className="grid gap-4" noValidate>
      <div role="alert">
        {problem ? (
          <p className="flex gap-2 rounded-control bg-crit-wash p-2.5 text-crit">
            <StateGlyph tone="crit" className="mt-0.5" />
            {problem}
          </p>
        ) : null}
      </div>
      <TextField label="E-mail" name="email" type="email" autoComplete="username" required autoFocus />
      <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
      <Button type="submit" kind="primary" busy={busy} className="h-10">
        {busy ? 'Signing in…' : 'Sign in'}
      </Button>
      {ssoName ? (
        <Button className="h-10" onClick={() => signIn('oidc', { callbackUrl: callback })}>
          Sign in with {ssoName}
        </Button>
      ) : null}
    </form>
  );
}
