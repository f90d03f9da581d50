// The app: who is there, which view the address names, what happens meanwhile.
import { html, render, useCallback, useEffect, useRef, useState } from './html.js';
import { ApiError, call, listen } from '../api.js';
import { AddDialog } from './add.js';
import { HelpDialog } from './help.js';
import { JobsView } from './jobs.js';
import { LinkView } from './link.js';
import { ListView } from './list.js';
import { Login } from './login.js';
import { address, followLinks, go, read, usePlace } from './place.js';
import { RulesView } from './rules.js';
import { applyTheme, SettingsView } from './settings.js';
import { Sidebar } from './sidebar.js';
import { TagsView } from './tags.js';
import { prepare, t } from './words.js';

const views = { link: LinkView, tags: TagsView, jobs: JobsView, rules: RulesView, settings: SettingsView };
const chords = { l: 'list', t: 'tags', j: 'jobs', r: 'rules', s: 'settings' };

/** One stream of events for all views: subscribe(handler) gives the way to end it. */
function useEvents(on) {
  const handlers = useRef(new Set());
  useEffect(() => {
    if (!on) return undefined;
    const source = listen((name, data) => handlers.current.forEach((handler) => handler(name, data)));
    return () => source.close();
  }, [on]);
  return useCallback((handler) => {
    handlers.current.add(handler);
    return () => handlers.current.delete(handler);
  }, []);
}

/** Searching as one types; the address follows without a step back for every letter. */
function SearchBox({ place }) {
  const [text, setText] = useState(place.q);
  const timer = useRef(0);
  useEffect(() => setText(place.q), [place.q]);
  const search = (q, replace) => {
    clearTimeout(timer.current);
    go({ ...place, view: 'list', id: null, q }, { replace });
  };
  const typed = (event) => {
    const { value } = event.target;
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => search(value, place.view === 'list' && place.q !== ''), 200);
  };
  const submit = (event) => {
    event.preventDefault();
    search(text, false);
  };
  return html`<form role="search" onSubmit=${submit}><input id="query" type="search" aria-label=${t('search')} placeholder=${t('search.placeholder')} value=${text} onInput=${typed} autocomplete="off" /></form>`;
}

function useKeys({ add, help }) {
  const chord = useRef(0);
  useEffect(() => {
    const pressed = (event) => {
      if (event.target.closest('input, textarea, select, dialog')) {
        if (event.key === 'Escape' && event.target.id === 'query') event.target.blur();
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey) return;
      if (Date.now() - chord.current < 1500 && chords[event.key]) go({ view: chords[event.key] });
      else if (event.key === '/') document.getElementById('query').focus();
      else if (event.key === 'n') add();
      else if (event.key === '?') help();
      else if (event.key === 'g') {
        chord.current = Date.now();
        return;
      } else return;
      chord.current = 0;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    addEventListener('keydown', pressed, true);
    return () => removeEventListener('keydown', pressed, true);
  }, []);
}

function App({ session, onLeft }) {
  const place = usePlace();
  const [dialog, setDialog] = useState(place.add !== null ? 'add' : '');
  const events = useEvents(true);
  useKeys({ add: () => setDialog('add'), help: () => setDialog('help') });
  const close = () => {
    setDialog('');
    if (read().add !== null) go({ ...read(), add: null, title: '' }, { replace: true });
  };
  const View = views[place.view] ?? ListView;
  const leave = () => call('DELETE', 'session').then(onLeft);
  const tabs = [['list', 'links'], ['tags', 'tags'], ['rules', 'rules'], ['jobs', 'jobs'], ['settings', 'settings']];
  useEffect(() => {
    document.title = place.view === 'list' ? 'Waymark' : `${t(tabs.find(([view]) => view === place.view)?.[1] ?? 'link')} · Waymark`;
  }, [place.view]);
  return html`<a class="skip" href="#content">${t('skip')}</a>
    <header>
      <h1><a href="./">Waymark</a></h1>
      <${SearchBox} place=${place} />
      <button type="button" class="main" onClick=${() => setDialog('add')}>${t('add')}</button>
      <nav aria-label=${t('views')}>${tabs.map(([view, name]) => html`<a key=${view} href=${address({ view })} aria-current=${place.view === view ? 'page' : undefined}>${t(name)}</a>`)}
        <button type="button" class="quiet" aria-label=${t('help')} onClick=${() => setDialog('help')}>?</button>
        ${session.user ? html`<button type="button" class="quiet" onClick=${leave}>${t('logout', { name: session.user })}</button>` : null}</nav>
    </header>
    <div class="columns">
      <${Sidebar} place=${place} events=${events} />
      <main id="content" tabindex="-1"><${View} key=${place.view === 'link' ? place.id : place.view} place=${place} id=${place.id} events=${events} /></main>
    </div>
    ${dialog === 'add' ? html`<${AddDialog} initial=${place.add} title=${place.title} onClose=${close} events=${events} />` : null}
    ${dialog === 'help' ? html`<${HelpDialog} onClose=${close} />` : null}`;
}

function Root() {
  const [session, setSession] = useState(null);
  const [problem, setProblem] = useState('');
  const ask = useCallback(() => call('GET', 'session').then(setSession, (error) => setProblem(error instanceof ApiError ? error.message : t('unreachable'))), []);
  useEffect(() => {
    ask();
  }, []);
  if (problem) return html`<main><p class="problem" role="alert">${problem}</p></main>`;
  if (!session) return null;
  if (session.auth === 'password' && !session.user) return html`<${Login} onDone=${ask} />`;
  return html`<${App} session=${session} onLeft=${ask} />`;
}

applyTheme();
await prepare();
document.addEventListener('click', followLinks);
render(html`<${Root} />`, document.getElementById('app'));
