// The frame around an archived page: a slim bar, and the page on the replay origin. The bar follows where the page goes.
import { calendarAddress, dateOf, diffAddress, frameAddress } from './address.js';
import { calendarIn } from './calendar.js';
import { readMessage } from './messages.js';
import { ask, element, failureText, pageFrame } from './parts.js';
import { timeline } from './timeline.js';

// wombat sends links that aim at the whole tab to the frame of this name.
const frameName = '___wb_replay_top_frame';

class FrameView {
  constructor(asked, words) {
    this.asked = asked;
    this.words = words;
    this.bar = element('header', { class: 'bar', 'aria-label': words.t('bar.label') });
    this.status = element('p', { role: 'status', class: 'notice' });
    this.stage = element('main', { class: 'stage' });
    this.calendar = element('div', { popover: 'auto', id: 'calendar', class: 'popover calendar' });
    this.missing = element('div', { popover: 'auto', id: 'missing', class: 'popover' });
    this.frame = null;
    this.origin = null;
    document.body.classList.add('framed');
    document.body.append(this.bar, this.status, this.stage, this.calendar, this.missing);
    this.calendar.addEventListener('beforetoggle', (event) => { if (event.newState === 'open') this.fillCalendar(); });
    addEventListener('message', (event) => this.hear(event));
    addEventListener('keydown', (event) => this.key(event));
    addEventListener('hashchange', () => this.tellHash());
  }

  async start() {
    const memento = await this.lookUp({ ...this.asked });
    if (!memento) return;
    // Where app and replay share an origin, the framed page has an opaque one.
    const { origin } = new URL(memento.entry, location.href);
    this.origin = origin === location.origin ? 'null' : origin;
    this.frame = pageFrame(memento.entry + location.hash, this.words.t('frame.label'), { name: frameName });
    this.stage.append(this.frame);
    this.describe(memento);
    if (memento.entry_life) setInterval(() => this.renew(), Math.min(memento.entry_life * 500, 2 ** 31 - 1));
  }

  /** What is held of the page, or null and a word to the reader where nothing is. */
  async lookUp({ url, collection, timestamp }) {
    try {
      return await ask('memento', { url, collection, timestamp });
    } catch (error) {
      if (error.status !== 404) throw error;
      this.status.replaceChildren(this.words.t('frame.not_archived'), ' ', element('a', { href: `/?add=${encodeURIComponent(url)}` }, this.words.t('add.archive_now')));
      return null;
    }
  }

  /** A new ticket before the old one ends: a hidden frame takes it to the replay origin. */
  async renew() {
    const { url, collection, timestamp } = this.memento;
    const { entry } = await ask('memento', { url, collection, timestamp });
    const hidden = pageFrame(entry.replace(/mp_\//, 'id_/'), '', { hidden: '', sandbox: '' });
    hidden.addEventListener('load', () => hidden.remove());
    this.stage.append(hidden);
  }

  hear(event) {
    const message = readMessage(event, { frame: this.frame?.contentWindow, origin: this.origin });
    if (!message) return;
    if (message.kind === 'title') this.setTitle(message.title);
    if (message.kind === 'hashchange') history.replaceState(null, '', `${location.pathname}${location.search}${message.hash}`);
    if (message.url) {
      this.heard = message;
      // A page may send thousands: the last one counts, a few times a second.
      this.following ??= setTimeout(() => { this.following = null; this.follow(this.heard); }, 200);
    }
  }

  async follow({ url, timestamp, title }) {
    if (title) this.setTitle(title);
    if (url === this.memento?.url && timestamp === this.memento.timestamp) return;
    const memento = await this.lookUp({ url, timestamp, collection: this.asked.collection }).catch(() => null);
    if (!memento) return;
    this.status.replaceChildren();
    if (this.other) await this.show('page'); // what is shown beside the page was of another
    this.describe(memento);
  }

  setTitle(title) {
    document.title = title || this.memento?.url || 'Waymark';
  }

  tellHash() {
    this.frame?.contentWindow?.postMessage({ from_top: true, message: { wb_type: 'outer_hashchange', hash: location.hash } }, this.origin === 'null' ? '*' : this.origin);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    const name = { '[': 'older', ']': 'newer', c: 'open-calendar' }[event.key];
    if (name) this.bar.querySelector(`.${name}`)?.click();
  }

  /** The bar and the address for what is shown now. */
  describe(memento) {
    const { words } = this;
    this.memento = memento;
    const address = frameAddress(memento.collection, memento.timestamp, memento.url);
    if (address !== location.pathname + location.search) history.replaceState(null, '', address + location.hash);
    if (document.title === 'Waymark') this.setTitle('');
    this.bar.replaceChildren(
      element('a', { href: memento.link_id ? `/?q=${encodeURIComponent(`url:"${memento.url}"`)}` : '/', class: 'home', title: words.t('bar.back') }, 'Waymark'),
      this.versions(memento), this.sparkline(memento),
      element('span', { class: 'url', title: memento.url }, memento.url),
      this.choice(memento), ...this.extras(memento), this.rearchive(memento),
      element('a', { href: memento.url, target: '_blank', rel: 'noreferrer noopener', class: 'live' }, words.t('bar.live')));
  }

  versions(memento) {
    const { words } = this;
    const to = (timestamp, name, label, sign) => (timestamp
      ? element('a', { href: frameAddress(memento.collection, timestamp, memento.url), class: name, rel: name === 'older' ? 'prev' : 'next', 'aria-label': label, title: label }, sign)
      : element('span', { class: name, 'aria-hidden': 'true' }, sign));
    const count = words.number(memento.captures);
    const position = words.t('bar.position', { position: words.number(memento.position), captures: memento.exact ? count : words.t('calendar.about', { count }) });
    const when = dateOf(memento.timestamp);
    return element('nav', { class: 'versions', 'aria-label': words.t('bar.calendar') },
      to(memento.previous, 'older', words.t('bar.older'), '◀'),
      element('button', { type: 'button', class: 'open-calendar', popovertarget: 'calendar', title: when.toISOString() },
        element('time', { datetime: when.toISOString() }, words.dateTime(when)), element('small', { class: 'position' }, position)),
      to(memento.next, 'newer', words.t('bar.newer'), '▶'));
  }

  sparkline(memento) {
    const place = element('span', { class: 'sparkline' });
    ask('calendar', { url: memento.url, collection: memento.collection, by: 'year' }).then(({ spans }) => {
      place.replaceChildren(timeline(this.words, { collection: memento.collection, url: memento.url, spans, current: memento.timestamp.slice(0, 4) }));
    }, () => {});
    return place;
  }

  /** Page, text, screenshot: what is held. */
  choice(memento) {
    const { words } = this;
    const choices = { page: true, text: true, screenshot: Boolean(memento.screenshot) };
    const select = element('select', { 'aria-label': words.t('bar.show') }, ...Object.keys(choices).filter((name) => choices[name]).map((name) => element('option', { value: name }, words.t(`bar.${name}`))));
    select.addEventListener('change', () => this.show(select.value));
    return select;
  }

  async show(name) {
    this.other?.remove();
    this.other = null;
    this.frame.hidden = name !== 'page';
    if (name === 'screenshot') this.other = pageFrame(this.memento.screenshot, this.words.t('bar.screenshot'), { class: 'screenshot', sandbox: '' });
    if (name === 'text') this.other = await this.textView();
    if (this.other) this.stage.append(this.other);
  }

  async textView() {
    const { words } = this;
    try {
      const { url, collection, timestamp } = this.memento;
      const found = await ask('text', { url, collection, timestamp });
      return element('article', { class: 'text', lang: found.language, tabindex: '0', 'aria-label': words.t('bar.text') },
        element('h1', {}, found.title || url), element('p', { class: 'quiet' }, words.t(found.source === 'shown' ? 'text.shown' : 'text.derived')),
        element('div', { class: 'body' }, found.text || words.t('text.none')));
    } catch (error) {
      return element('p', { role: 'alert', class: 'problem' }, failureText(words, error));
    }
  }

  extras(memento) {
    const { words } = this;
    const parts = [];
    if (memento.previous) parts.push(element('a', { href: diffAddress(memento.collection, memento.previous, memento.timestamp, memento.url), class: 'compare', title: words.t('bar.compare_label') }, words.t('bar.compare')));
    if (memento.missing?.count > 0) {
      const { count, resources } = memento.missing;
      parts.push(element('button', { type: 'button', class: 'open-missing', popovertarget: 'missing', 'aria-label': words.t('bar.missing_label', { count }) }, words.t('bar.missing', { count: words.number(count) })));
      this.missing.replaceChildren(element('h2', {}, words.t('bar.missing_label', { count })), element('ul', {}, ...resources.map((one) => element('li', {}, element('code', {}, one.url), ` ${one.reason}`))));
    }
    return parts;
  }

  rearchive(memento) {
    const { words } = this;
    if (!memento.link_id) return element('a', { href: `/?add=${encodeURIComponent(memento.url)}`, class: 'rearchive' }, words.t('bar.rearchive'));
    return element('button', { type: 'button', class: 'rearchive', click: async () => {
      try {
        await ask(`links/${memento.link_id}/snapshots`, {}, 'POST');
        this.status.textContent = words.t('bar.rearchive_done');
      } catch (error) {
        this.status.textContent = failureText(words, error);
      }
    } }, words.t('bar.rearchive'));
  }

  fillCalendar() {
    const { url, collection, timestamp } = this.memento;
    if (this.calendarOf === url) return;
    this.calendarOf = url;
    const body = element('div');
    this.calendar.replaceChildren(element('p', {}, element('a', { href: calendarAddress(collection, url, timestamp.slice(0, 4)) }, this.words.t('bar.calendar'))), body);
    calendarIn(body, { url, collection }, this.words, { span: timestamp.slice(0, 8) }).catch((error) => body.replaceChildren(failureText(this.words, error)));
  }
}

export async function show(asked, words) {
  await new FrameView(asked, words).start();
}
