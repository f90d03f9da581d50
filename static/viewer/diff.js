// Two versions of a page: their texts side by side with what went and what came, and both pages under one scroll bar.
import { dateOf, diffAddress, frameAddress } from './address.js';
import { ask, element, failureText, pageFrame } from './parts.js';

const context = 3; // lines shown around a change

function sameRow(words, text) {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const cell = () => {
    if (lines.length <= 2 * context + 2) return element('div', {}, lines.join('\n'));
    const hidden = lines.slice(context, -context);
    return element('div', {}, lines.slice(0, context).join('\n'), element('details', {}, element('summary', {}, words.t('diff.same_lines', { count: hidden.length, lines: words.number(hidden.length) })), hidden.join('\n')), lines.slice(-context).join('\n'));
  };
  return [cell(), cell()];
}

function changedRow(pieces) {
  const side = (sign, name) => element('div', { class: 'changed' }, ...pieces.filter(([op]) => op === '=' || op === sign).map(([op, text]) => (op === '=' ? text : element(name, {}, text))));
  return [side('-', 'del'), side('+', 'ins')];
}

function textView(words, found) {
  const rows = found.passages.flatMap((passage) => (passage.same !== undefined ? sameRow(words, passage.same) : changedRow(passage.changed)));
  return element('div', { class: 'texts', lang: found.language ?? '' }, ...rows);
}

/** Both pages are given one height within one scrolled box: across origins that is the only way to keep them level. */
async function pagesView(words, asked, found) {
  const frames = [];
  for (const time of [found.from, found.to]) {
    const memento = await ask('memento', { url: asked.url, collection: asked.collection, timestamp: time });
    frames.push(pageFrame(memento.entry, words.exact(dateOf(time))));
  }
  const height = element('input', { type: 'range', min: 600, max: 20000, step: 200, value: 3000 });
  const apply = () => frames.forEach((frame) => frame.setAttribute('height', height.value));
  height.addEventListener('input', apply);
  apply();
  return element('div', {}, element('p', {}, element('label', {}, words.t('diff.height'), ' ', height)), element('div', { class: 'pages', tabindex: '0', role: 'group', 'aria-label': words.t('diff.pages') }, ...frames));
}

function heading(words, asked, found) {
  const one = (time, label) => element('h2', {}, `${words.t(label)}: `, element('a', { href: frameAddress(asked.collection, time, asked.url) }, words.exact(dateOf(time))));
  return element('div', { class: 'texts heads' }, one(found.from, 'diff.before'), one(found.to, 'diff.after'));
}

function summary(words, found) {
  if (found.identical) return words.t('diff.identical');
  if (found.changed === 0) return words.t('diff.same_text');
  const amount = words.t('diff.amount', { amount: words.percent(found.changed), deleted: words.number(found.deleted), deleted_count: found.deleted, inserted: words.number(found.inserted), inserted_count: found.inserted });
  return found.rough ? `${amount} ${words.t('diff.rough')}` : amount;
}

export async function show(asked, words) {
  const title = words.t('diff.title', { url: asked.url });
  document.title = title;
  const found = await ask('diff', { url: asked.url, collection: asked.collection, from: asked.from, to: asked.to });
  history.replaceState(null, '', diffAddress(asked.collection, found.from, found.to, asked.url));
  const body = element('div');
  const views = { text: async () => textView(words, found), pages: () => pagesView(words, asked, found) };
  const buttons = Object.keys(views).map((name) => element('button', { type: 'button', 'aria-pressed': 'false', 'data-view': name, click: () => choose(name) }, words.t(`diff.${name}`)));
  const choose = async (name) => {
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.view === name));
    try {
      body.replaceChildren(await views[name]());
    } catch (error) {
      body.replaceChildren(element('p', { role: 'alert', class: 'problem' }, failureText(words, error)));
    }
  };
  document.body.append(element('main', { class: 'page wide' },
    element('p', {}, element('a', { href: '/' }, 'Waymark')), element('h1', {}, title), element('p', { class: 'amount' }, summary(words, found)),
    element('div', { class: 'choice', role: 'group' }, ...buttons), heading(words, asked, found), body));
  await choose('text');
}
