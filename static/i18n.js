// The words of the web app: static/i18n/<language>.json, English where a language lacks one.

/** The languages there are, the first is the one that is whole. */
export const languages = ['en', 'zh-CN'];

/** Which of them a reader of `wanted` (BCP 47, best first) gets. */
export function choose(wanted) {
  for (const tag of wanted) {
    const exact = languages.find((known) => known.toLowerCase() === tag.toLowerCase());
    const near = exact ?? languages.find((known) => known.split('-')[0] === tag.toLowerCase().split('-')[0]);
    if (near) return near;
  }
  return languages[0];
}

/** A function key, values → text. `{name}` in a text is replaced; `{name|one|many}` chooses by number. */
export function translator(catalogue, fallback = {}) {
  return (key, values = {}) => (catalogue[key] ?? fallback[key] ?? key)
    .replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, name, one, many) => (one === undefined ? String(values[name] ?? '') : Number(values[name]) === 1 ? one : many));
}

/** The reader's language, its texts, and dates and numbers as written there. */
export async function load() {
  const stored = localStorage.getItem('language');
  const language = choose([...(stored ? [stored] : []), ...navigator.languages]);
  const read = async (name) => (await fetch(new URL(`i18n/${name}.json`, import.meta.url))).json();
  const [catalogue, fallback] = await Promise.all([read(language), read(languages[0])]);
  // Dates as the reader's own region writes them, where that is of the language shown.
  const locale = navigator.languages.find((tag) => choose([tag]) === language && tag.split('-')[0] === language.split('-')[0]) ?? language;
  document.documentElement.lang = language;
  const numbers = new Intl.NumberFormat(locale);
  const format = (options) => { const made = new Intl.DateTimeFormat(locale, options); return (date) => made.format(date); };
  return {
    language,
    t: translator(catalogue, fallback),
    number: (value) => numbers.format(value),
    percent: (value) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(value),
    dateTime: format({ dateStyle: 'medium', timeStyle: 'short' }),
    exact: format({ dateStyle: 'medium', timeStyle: 'medium' }),
    date: format({ dateStyle: 'long', timeZone: 'UTC' }),
    time: format({ timeStyle: 'medium', timeZone: 'UTC' }),
    month: format({ month: 'long', timeZone: 'UTC' }),
    weekday: format({ weekday: 'narrow', timeZone: 'UTC' }),
  };
}
