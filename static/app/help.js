// Keys and the words a search understands.
import { html } from './html.js';
import { Dialog } from './parts.js';
import { t } from './words.js';

export const keys = ['/', 'n', 'j', 'k', 'o', 'e', 'x', 'g l', 'g t', 'g j', 'g r', 'g s', '?', 'Esc'];
const operators = ['"…"', '#tag', 'site:example.org', 'title:…', 'url:…', 'lang:zh', 'after:2024-01', 'before:2024', 'is:unread', 'has:notes', '-word', 'a or b', 'word*'];

export const HelpDialog = ({ onClose }) => html`<${Dialog} label=${t('help')} onClose=${onClose}>
  <h3>${t('help.keys')}</h3>
  <dl class="keys">${keys.map((key) => html`<dt key=${key}><kbd>${key}</kbd></dt><dd>${t(`key.${key}`)}</dd>`)}</dl>
  <h3>${t('help.search')}</h3>
  <dl class="keys">${operators.map((word) => html`<dt key=${word}><code>${word}</code></dt><dd>${t(`operator.${word}`)}</dd>`)}</dl>
<//>`;
