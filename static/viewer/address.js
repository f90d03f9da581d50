// Addresses below /view/: as on the replay origin, with a comparison besides. The archived URL keeps every byte.

const prefix = '/view/';

/** What `target` (path and query, raw) shows: {kind, collection, url, …}; null if it is no such address. */
export function parse(target) {
  if (!target.startsWith(prefix)) return null;
  const match = /^([A-Za-z0-9_-][A-Za-z0-9._-]{0,63})\/(.+)$/s.exec(target.slice(prefix.length));
  if (!match) return null;
  const [, collection, rest] = match;
  const diff = /^diff\/(\d{1,14})\/(\d{1,14})\/(.+)$/s.exec(rest);
  if (diff) return { kind: 'diff', collection, from: diff[1], to: diff[2], url: diff[3] };
  const span = /^(\d{0,14})\*\/(.+)$/s.exec(rest);
  if (span && span[2].length > 1 && span[2].endsWith('*')) return { kind: 'listing', collection, url: span[2].slice(0, -1) };
  if (span) return { kind: 'calendar', collection, span: span[1], url: span[2] };
  const version = /^(\d{1,14})(?:[a-z]{2,6}_)?\/(.+)$/s.exec(rest);
  if (version) return { kind: 'frame', collection, timestamp: version[1], url: version[2] };
  return { kind: 'frame', collection, timestamp: '', url: rest };
}

// A "#" within an archived URL would end the address.
const whole = (url) => url.replaceAll('#', '%23');

export const frameAddress = (collection, timestamp, url) => `${prefix}${collection}/${timestamp ? `${timestamp}/` : ''}${whole(url)}`;
export const calendarAddress = (collection, url, span = '') => `${prefix}${collection}/${span}*/${whole(url)}`;
export const listingAddress = (collection, url) => `${prefix}${collection}/*/${whole(url)}*`;
export const diffAddress = (collection, from, to, url) => `${prefix}${collection}/diff/${from}/${to}/${whole(url)}`;

/** A time14 as a Date. */
export function dateOf(timestamp) {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(timestamp);
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}
