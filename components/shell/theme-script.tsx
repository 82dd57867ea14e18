/**
 * Sets the theme before the first paint; the only inline script, allowed by the page's nonce. It also tells the
 * schema library not to try whether it may evaluate text: the page's policy forbids that, and would report it.
 */
const script = `(function(){globalThis.__zod_globalConfig={jitless:true};var d=document.documentElement,t=d.dataset.choice;if(t==='system'){var m=matchMedia('(prefers-color-scheme: light)');var f=function(){if(d.dataset.choice==='system')d.dataset.theme=m.matches?'light':'dark'};f();m.addEventListener('change',f)}})()`;

export const ThemeScript = ({ nonce }: { nonce: string | undefined }) => (
  // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of this file, no input reaches it
  <script nonce={nonce} dangerouslySetInnerHTML={{ __html: script }} suppressHydrationWarning />
);
