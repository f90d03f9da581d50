// When an address was captured: years, the days of one, the captures of a day. The page of its own, and what the frame's bar opens.
import { calendarAddress, dateOf, diffAddress, frameAddress } from './address.js';
import { ask, countText, element, failureText } from './parts.js';

const dayMs = 86_400_000;
const mostCompared = 30;

const two = (number) => String(number).padStart(2, '0');
const dayDigits = (date) => `${date.getUTCFullYear()}${two(date.getUTCMonth() + 1)}${two(date.getUTCDate())}`;

function sizeText(words, bytes) {
  return bytes < 1024 ? `${words.number(bytes)} B` : bytes < 1 << 20 ? `${words.number(Math.round(bytes / 1024))} KiB` : `${words.number(Math.round(bytes / 104857.6) / 10)} MiB`;
}

/** One month as a table; days with captures are buttons. Weeks begin on Monday. */
function monthTable(words, year, month, days, pick) {
  const start = new Date(Date.UTC(year, month, 1));
  const monday = (start.getUTCDay() + 6) % 7;
  const weekdays = Array.from({ length: 7 }, (_, i) => element('th', { scope: 'col', 'aria-hidden': 'true' }, words.weekday(new Date(Date.UTC(2024, 0, 1 + i)))));
  const weeks = [];
  let total = 0;
  for (let date = new Date(start - monday * dayMs); date.getUTCMonth() === month || date < start; ) {
    const week = element('tr');
    for (let i = 0; i < 7; i += 1, date = new Date(Number(date) + dayMs)) {
      if (date.getUTCMonth() !== month) { week.append(element('td')); continue; }
      const span = days.get(dayDigits(date));
      const label = span && words.t('calendar.day', { date: words.date(date), captures: countText(words, span.captures, span.exact) });
      const depth = span ? Math.min(4, 1 + Math.floor(Math.log10(span.captures) * 1.5)) : 0;
      const digits = dayDigits(date);
      week.append(element('td', {}, span ? element('button', { type: 'button', class: `depth-${depth}`, 'data-day': digits, 'aria-label': label, title: label, click: () => pick(digits) }, String(date.getUTCDate())) : String(date.getUTCDate())));
      total += span?.captures ?? 0;
    }
    weeks.push(week);
  }
  const caption = element('caption', {}, words.month(start), total ? element('small', {}, ` ${words.number(total)}`) : '');
  return element('table', { class: total ? 'month' : 'month empty' }, caption, element('thead', {}, element('tr', {}, ...weekdays)), element('tbody', {}, ...weeks));
}

/** Arrow keys go from day to day, over what has none. */
function moveByArrows(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 7, ArrowUp: -7, Home: -1e6, End: 1e6 }[event.key];
  if (!step || !event.target.dataset?.day) return;
  event.preventDefault();
  const days = [...event.currentTarget.querySelectorAll('button[data-day]')];
  const at = dateOf(`${event.target.dataset.day}000000`);
  const wanted = Number(at) + step * dayMs;
  const ahead = days.filter((day) => (step > 0 ? day.dataset.day > event.target.dataset.day : day.dataset.day < event.target.dataset.day));
  const far = (day) => Math.abs(Number(dateOf(`${day.dataset.day}000000`)) - wanted);
  ahead.sort((a, b) => far(a) - far(b))[0]?.focus();
}

/** The captures of one day; what became of the text is looked up for the first of those whose bytes changed. */
async function dayList(words, asked, day) {
  const body = element('tbody');
  const more = element('button', { type: 'button' }, words.t('calendar.more'));
  let before = null, cursor = null, compared = 0;
  const row = (capture) => {
    const mark = element('span', { class: capture.changed ? 'mark' : '' }, words.t(capture.changed ? 'calendar.changed' : 'calendar.unchanged'));
    const earlier = before;
    before = capture.timestamp;
    if (capture.changed && earlier && earlier !== capture.timestamp && compared++ < mostCompared) {
      ask('change', { url: asked.url, collection: asked.collection, from: earlier, to: capture.timestamp }).then((change) => {
        const text = change.changed === 0 ? words.t('calendar.text_same') : words.t('calendar.text_changed', { amount: words.percent(change.changed) });
        mark.replaceChildren(element('a', { href: diffAddress(asked.collection, earlier, capture.timestamp, asked.url) }, text));
      }, () => {});
    }
    return element('tr', {},
      element('td', {}, element('a', { href: frameAddress(asked.collection, capture.timestamp, capture.url) }, words.time(dateOf(capture.timestamp)))),
      element('td', {}, capture.status === null ? '' : String(capture.status)), element('td', {}, capture.mime), element('td', {}, sizeText(words, capture.length)), element('td', {}, mark));
  };
  const next = async () => {
    const page = await ask('captures', { url: asked.url, collection: asked.collection, from: day, to: day, cursor, limit: 100 });
    cursor = page.next;
    body.append(...page.captures.map(row));
    more.hidden = !cursor;
  };
  more.addEventListener('click', () => next());
  await next();
  const head = ['time', 'status', 'type', 'size'].map((name) => element('th', { scope: 'col' }, words.t(`calendar.${name}`)));
  return element('section', { class: 'day', tabindex: '-1', 'aria-label': words.date(dateOf(`${day}000000`)) },
    element('h2', {}, words.date(dateOf(`${day}000000`))),
    element('table', { class: 'captures' }, element('thead', {}, element('tr', {}, ...head, element('th'))), body), more);
}

/** Years as bars, and the days of the chosen one. `choose(year)` may keep it in the address. */
export async function calendarIn(container, asked, words, { span = '', choose = () => {} } = {}) {
  const about = { url: asked.url, collection: asked.collection };
  const calendar = await ask('calendar', { ...about, by: 'year' });
  if (calendar.spans.length === 0) {
    container.replaceChildren(element('p', {}, words.t('calendar.none')), element('p', {}, element('a', { href: `/?add=${encodeURIComponent(asked.url)}` }, words.t('add.archive_now'))));
    return;
  }
  const most = Math.max(...calendar.spans.map((one) => one.captures));
  const months = element('div', { class: 'months', keydown: moveByArrows });
  const list = element('div', { class: 'list' });
  let turn = 0;
  const showDay = async (day) => {
    const mine = ++turn;
    const section = await dayList(words, asked, day);
    if (mine !== turn) return;
    list.replaceChildren(section);
    section.focus();
  };
  const showYear = async (year) => {
    const mine = ++turn;
    const { spans } = await ask('calendar', { ...about, by: 'day', from: year, to: year });
    if (mine !== turn) return;
    const days = new Map(spans.map((one) => [one.span, one]));
    months.replaceChildren(...Array.from({ length: 12 }, (_, month) => monthTable(words, Number(year), month, days, showDay)));
    list.replaceChildren();
    for (const button of years.querySelectorAll('button')) button.setAttribute('aria-pressed', String(button.dataset.year === year));
    if (spans.length === 1) await showDay(spans[0].span);
  };
  const years = element('div', { class: 'years', role: 'group', 'aria-label': words.t('calendar.year') }, ...calendar.spans.map((one) => {
    const text = countText(words, one.captures, one.exact);
    return element('button', { type: 'button', 'data-year': one.span, title: text, 'aria-pressed': 'false', click: () => { choose(one.span); showYear(one.span); } },
      element('meter', { min: 0, max: Math.log1p(most), value: Math.log1p(one.captures), 'aria-hidden': 'true' }), element('span', {}, one.span), element('small', {}, text));
  }));
  const line = words.t('calendar.first_last', { first: words.date(dateOf(calendar.first)), last: words.date(dateOf(calendar.last)) });
  container.replaceChildren(element('p', { class: 'quiet' }, words.t('calendar.summary', { captures: countText(words, calendar.total.captures, calendar.total.exact), span: line })), years, months, list);
  const year = span.slice(0, 4);
  await showYear(year.length === 4 ? year : calendar.last.slice(0, 4));
  if (span.length >= 8) await showDay(span.slice(0, 8));
}

export async function show(asked, words) {
  const title = words.t('calendar.title', { url: asked.url });
  document.title = title;
  const body = element('div', { class: 'calendar' });
  document.body.append(element('main', { class: 'page' }, element('p', {}, element('a', { href: '/' }, 'Waymark')), element('h1', {}, title), body));
  try {
    await calendarIn(body, asked, words, { span: asked.span, choose: (year) => history.replaceState(null, '', calendarAddress(asked.collection, asked.url, year)) });
  } catch (error) {
    body.replaceChildren(element('p', { role: 'alert', class: 'problem' }, failureText(words, error)));
  }
}
