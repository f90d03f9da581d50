// Every page below /view/: what it shows is in its address.
import { load } from '../i18n.js';
import { parse } from './address.js';
import { element, failureText } from './parts.js';

const views = {
  frame: () => import('./frame.js'),
  calendar: () => import('./calendar.js'),
  listing: () => import('./listing.js'),
  diff: () => import('./diff.js'),
};

const words = await load();
const asked = parse(location.pathname + location.search);
try {
  if (!asked) location.replace('/');
  else await (await views[asked.kind]()).show(asked, words);
} catch (error) {
  document.body.append(element('p', { role: 'alert', class: 'problem' }, failureText(words, error), ' ', element('a', { href: '/' }, 'Waymark')));
  if (error.status === undefined) throw error;
}
