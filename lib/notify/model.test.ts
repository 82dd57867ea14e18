import { expect, test } from 'vitest';
import { changeMessage } from './model';

test('a message has a link and no button, and markup of strangers is text', () => {
  const message = changeMessage(
    { id: 'c-7', title: 'Deploy <b> 1 → 2', sentence: 'Asks & waits <https://evil.example|here>' },
    'https://console.example/changes/c-7',
  );
  expect(message).toEqual({
    text: 'c-7 Deploy &lt;b&gt; 1 → 2: Asks &amp; waits &lt;https://evil.example|here&gt;',
    blocks: [
      {
        type: 'section',
        text: {
          type: 'mrkdwn',
          text: '*<https://console.example/changes/c-7|c-7> Deploy &lt;b&gt; 1 → 2*\nAsks &amp; waits &lt;https://evil.example|here&gt;',
        },
      },
    ],
  });
});
