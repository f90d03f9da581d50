// The addresses captured below a prefix, a page at a time.
import { calendarAddress, dateOf, frameAddress } from './address.js';
import { ask, element, failureText } from './parts.js';

export async function show(asked, words) {
  const title = words.t('listing.title', { url: asked.url });
  document.title = title;
  const body = element('tbody');
  const status = element('p', { role: 'status' });
  const more = element('button', { type: 'button' }, words.t('calendar.more'));
  const filter = element('input', { type: 'search', name: 'filter', autocomplete: 'off' });
  let cursor = null, turn = 0;

  const row = (one) => element('tr', {},
    element('td', {}, element('a', { href: calendarAddress(asked.collection, one.url) }, one.url)),
    element('td', {}, one.exact ? words.number(one.captures) : words.t('calendar.about', { count: words.number(one.captures) })),
    ...[one.first, one.last].map((time) => element('td', {}, element('a', { href: frameAddress(asked.collection, time, one.url) }, words.date(dateOf(time))))),
    element('td', {}, one.mime));

  const next = async (fresh) => {
    const mine = ++turn;
    try {
      const page = await ask('urls', { url: `${asked.url}*`, collection: asked.collection, filter: filter.value, cursor: fresh ? null : cursor });
      if (mine !== turn) return;
      cursor = page.next;
      if (fresh) body.replaceChildren();
      body.append(...page.urls.map(row));
      more.hidden = !cursor;
      status.textContent = body.childElementCount === 0 && !cursor ? words.t('listing.none') : '';
    } catch (error) {
      status.textContent = failureText(words, error);
    }
  };
  more.addEventListener('click', () => next(false));
  let typing;
  filter.addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(() => next(true), 250); });
  const head = ['url', 'captures', 'first', 'last'].map((name) => element('th', { scope: 'col' }, words.t(`listing.${name}`)));
  document.body.append(element('main', { class: 'page' },
    element('p', {}, element('a', { href: '/' }, 'Waymark')), element('h1', {}, title),
    element('label', {}, words.t('listing.filter'), ' ', filter),
    element('table', { class: 'captures' }, element('thead', {}, element('tr', {}, ...head, element('th', { scope: 'col' }, words.t('calendar.type')))), body), more, status));
  await next(true);
}
