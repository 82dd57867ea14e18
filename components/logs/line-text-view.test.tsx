// @vitest-environment jsdom
import { cleanup, render } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { LineText } from './line-text-view';

afterEach(cleanup);
const esc = '\u001b';

/** What attackers write into logs that somebody will read in a browser. */
const corpus = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg/onload=alert(1)>',
  "'-alert(1)-'",
  '<a href="javascript:alert(1)">x</a>',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '<style>@import "https://evil.example"</style>',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;script&#62;alert(1)&#60;/script&#62;',
  `${esc}[31m<script>alert(1)</script>${esc}[0m`,
  `${esc}[31;<img src=x onerror=alert(1)>m`,
  `${esc}[38;2;1;2;"><img src=x onerror=alert(1)>m`,
  `${esc}]8;;javascript:alert(1)${esc}\\click${esc}]8;;${esc}\\`,
  '\u202e<tpircs/>)1(trela<tpircs>',
  '<scr\0ipt>alert(1)</scr\0ipt>',
  '#{alert(1)}{{constructor.constructor("alert(1)")()}}',
  '<!--<img src="--><img src=x onerror=alert(1)//">',
  '<template><script>alert(1)</script></template>',
  '<base href="https://evil.example/">',
];

describe('LineText', () => {
  it.each(corpus)('shows %j as text and nothing else', (line) => {
    const { container } = render(<LineText text={line} search="alert" />);
    const tags = new Set([...container.querySelectorAll('*')].map((element) => element.tagName));
    expect([...tags].filter((tag) => !['BDI', 'SPAN', 'MARK'].includes(tag))).toEqual([]);
    const attributes = [...container.querySelectorAll('*')].flatMap((element) => element.getAttributeNames());
    expect(attributes.filter((name) => name !== 'class' && name !== 'title')).toEqual([]);
    // Every letter that was written can be read.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is taken away
    const letters = line.replace(/\u001b\[[0-9;]*m/g, '').replace(/[^\w<>"'=()]/g, '');
    expect(container.textContent?.replace(/⟨\w+⟩/g, '').replace(/[^\w<>"'=()]/g, '')).toBe(letters);
  });
  it('was tried with the whole corpus', () => expect(corpus).toHaveLength(20));
});
