// Captures by year as small bars.
import { calendarAddress } from './address.js';
import { countText, element, svg } from './parts.js';

const height = 22, step = 7;

/** A bar a year, from the first with captures to the last; each leads to its calendar. Heights go by the logarithm: one capture is seen beside a thousand. */
export function timeline(words, { collection, url, spans, current }) {
  if (spans.length === 0) return element('span');
  const byYear = new Map(spans.map((span) => [Number(span.span), span]));
  const first = Number(spans[0].span), last = Math.min(Number(spans.at(-1).span), first + 99);
  const most = Math.log1p(Math.max(...spans.map((span) => span.captures)));
  const bars = [];
  for (let year = first; year <= last; year += 1) {
    const span = byYear.get(year);
    const tall = span ? Math.max(3, Math.round((height * Math.log1p(span.captures)) / most)) : 1;
    const text = `${year}: ${countText(words, span?.captures ?? 0, span?.exact ?? true)}`;
    const bar = svg('rect', { x: (year - first) * step, y: height - tall, width: step - 2, height: tall, class: String(year) === current ? 'current' : '' }, svg('title', {}, text));
    bars.push(span ? svg('a', { href: calendarAddress(collection, url, String(year)), 'aria-label': text }, bar) : bar);
  }
  return svg('svg', { class: 'timeline', width: (last - first + 1) * step, height, role: 'group', 'aria-label': words.t('bar.timeline') }, ...bars);
}
