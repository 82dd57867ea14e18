/**
 * A path of this console to go to after signing in; `/` for everything else. Absolute and protocol-relative
 * addresses, backslashes and control characters (browsers drop them) never leave the console.
 */
export function localPath(callback: string | null | undefined): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (!callback?.startsWith('/') || /^\/[/\\]|[\u0000-\u0020\\\u007f]/.test(callback)) return '/';
  const base = 'http://console.invalid';
  if (!URL.canParse(callback, base)) return '/';
  const url = new URL(callback, base);
  return url.origin === base && !url.pathname.startsWith('//')
    ? `${url.pathname}${url.search}${url.hash}`
    : '/';
}

/** The same for next-auth, which passes absolute addresses of its own: the result lies below `baseUrl`. */
export function localUrl(url: string, baseUrl: string): string {
  const own = new URL(baseUrl).origin;
  const path = url.startsWith(`${own}/`) ? url.slice(own.length) : url;
  return `${own}${localPath(path)}`;
}
