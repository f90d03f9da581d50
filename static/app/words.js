// The reader's language, loaded once before anything is shown; see ../i18n.js.
import { load } from '../i18n.js';

let loaded = null;

export async function prepare() {
  loaded = await load();
}

/** A text by its key, with values. */
export const t = (key, values) => loaded.t(key, values);
export const language = () => loaded.language;
export const number = (value) => loaded.number(value);
export const dateTime = (date) => loaded.dateTime(date);

/** "3 hours ago"; the date itself after a month. */
export function ago(date, now = new Date()) {
  const seconds = (date - now) / 1000;
  const format = new Intl.RelativeTimeFormat(loaded.language, { numeric: 'auto' });
  for (const [unit, size, most] of [['minute', 60, 3600], ['hour', 3600, 86400], ['day', 86400, 30 * 86400]]) {
    if (Math.abs(seconds) < most) return format.format(Math.round(seconds / size), unit);
  }
  return new Intl.DateTimeFormat(loaded.language, { dateStyle: 'medium' }).format(date);
}

/** Sizes as people read them. */
export function bytes(count) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  let at = 0;
  while (count >= 1000 && at < units.length - 1) {
    count /= 1000;
    at += 1;
  }
  return new Intl.NumberFormat(loaded.language, { style: 'unit', unit: units[at], unitDisplay: 'short', maximumFractionDigits: at ? 1 : 0 }).format(count);
}
