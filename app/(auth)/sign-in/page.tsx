import type { Metadata } from 'next';
import { SignInForm } from '@/components/access/sign-in-form';
import { problemOf } from '@/components/access/sign-in-problem';
import { Mark } from '@/components/shell/icons';
import { NoticeBar } from '@/components/shell/notice-bar';
import { ssoName } from '@/lib/access/auth-options';
import { localPath } from '@/lib/access/callback';
import { config } from '@/lib/config/load';

export const metadata: Metadata = { title: 'Sign in' };

type SearchParams = Promise<Record<string, string | string[] | undefined>>;
const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);

export default async function SignInPage({ searchParams }: { searchParams: SearchParams }) {
  const query = await searchParams;
  const callback = localPath(first(query['callback']) ?? first(query['callbackUrl']));
  const { notice, timing } = config();
  return (
    <>
      <NoticeBar notice={notice ? { text: notice.text, embed: null } : null} demoTiming={timing.demo} />
      <main className="grid min-h-[80vh] content-center justify-items-center p-4">
        <div className="grid w-full max-w-84 gap-6">
          <h1 className="flex items-center gap-2 font-semibold text-page">
            <Mark className="size-7" />
            Sign in to Signalbox
          </h1>
          <SignInForm
            callback={callback}
            ssoName={ssoName()}
            problem={problemOf(first(query['error']), null)}
          />
        </div>
      </main>
    </>
  );
}
