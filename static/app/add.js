// Adding: one address with what is known of it, or many lines at once.
import { html, useEffect, useRef, useState } from './html.js';
import { call } from '../api.js';
import { Dialog, jobText, Problem, TagInput, useAttempt } from './parts.js';
import { address } from './place.js';
import { ago, t } from './words.js';

const isAddress = (text) => /^(https?:\/\/)?[^\s/]+\.[^\s]+$|^https?:\/\/\S+$/i.test(text);

/** What the archive knows of an address already, asked for once typing rests. */
function useCheck(url) {
  const [known, setKnown] = useState(null);
  useEffect(() => {
    setKnown(null);
    if (!isAddress(url)) return undefined;
    const timer = setTimeout(() => call('GET', `links/check?url=${encodeURIComponent(url)}`).then(setKnown, () => {}), 250);
    return () => clearTimeout(timer);
  }, [url]);
  return known;
}

function Known({ link }) {
  return html`<p class="note">${t('add.known', { when: ago(new Date(link.created)) })} <a href=${address({ view: 'link', id: link.id })}>${link.title || link.url}</a></p>`;
}

function One({ url, initialTitle, onDone }) {
  const known = useCheck(url);
  const [fields, setFields] = useState({ title: initialTitle, tags: [], notes: '', engine: 'auto', unread: false });
  const [problem, attempt] = useAttempt();
  const set = (name) => (event) => setFields({ ...fields, [name]: event.target.value });
  const suggested = (known?.tags ?? []).filter((tag) => !fields.tags.includes(tag));
  const save = (event) => {
    event.preventDefault();
    return attempt(async () => {
      await call('POST', 'links', { url, ...fields, unread: fields.unread || undefined });
      onDone();
    });
  };
  return html`<form class="fields" onSubmit=${save}>
    ${known?.link ? html`<${Known} link=${known.link} />` : null}
    <label for="add-title">${t('title')}</label>
    <input id="add-title" value=${fields.title} onInput=${set('title')} placeholder=${known?.metadata?.title || t('add.title_placeholder')} autocomplete="off" />
    <label for="add-tags">${t('tags')}</label>
    <${TagInput} id="add-tags" tags=${fields.tags} onChange=${(tags) => setFields((before) => ({ ...before, tags }))} />
    ${suggested.length ? html`<span></span><p class="chips">${suggested.map((tag) => html`<button type="button" class="chip" key=${tag} onClick=${() => setFields({ ...fields, tags: [...fields.tags, tag] })}>+ ${tag}</button>`)}</p>` : null}
    <label for="add-notes">${t('notes')}</label>
    <textarea id="add-notes" rows="2" value=${fields.notes} onInput=${set('notes')}></textarea>
    <label for="add-engine">${t('engine')}</label>
    <select id="add-engine" value=${fields.engine} onChange=${set('engine')}>${['auto', 'http', 'browser'].map((name) => html`<option value=${name} key=${name}>${t(`engine.${name}`)}</option>`)}</select>
    <span></span>
    <label><input type="checkbox" checked=${fields.unread} onChange=${(event) => setFields({ ...fields, unread: event.target.checked })} /> ${t('add.unread')}</label>
    <span></span>
    <div><button class="main" disabled=${!isAddress(url)}>${known?.link ? t('add.update') : t('add.save')}</button><${Problem} text=${problem} /></div>
  </form>`;
}

/** Many lines: each is saved by itself, and says what became of it. */
function Many({ lines, events }) {
  const [rows, setRows] = useState(null);
  const [tags, setTags] = useState([]);
  const update = (at, change) => setRows((before) => before.map((row, index) => (index === at ? { ...row, ...change } : row)));
  const save = async (event) => {
    event.preventDefault();
    setRows(lines.map((url) => ({ url, link: null, problem: '' })));
    for (const [at, url] of lines.entries()) {
      try {
        update(at, { link: await call('POST', 'links', { url, tags }) });
      } catch (error) {
        update(at, { problem: error.message });
      }
    }
  };
  useEffect(() => {
    if (!rows) return undefined;
    return events((name, data) => {
      const at = name === 'job' ? rows.findIndex((row) => row.link?.id === data.link_id) : -1;
      if (at >= 0) update(at, { link: { ...rows[at].link, job: data } });
    });
  }, [rows, events]);
  if (!rows) {
    return html`<form class="fields" onSubmit=${save}>
      <label for="many-tags">${t('tags')}</label><${TagInput} id="many-tags" tags=${tags} onChange=${setTags} />
      <span></span><div><button class="main">${t('add.many', { count: lines.length })}</button></div>
    </form>`;
  }
  return html`<ol class="many">${rows.map((row) => html`<li key=${row.url}>
    <span>${row.url}</span>
    <span class="job ${row.problem ? 'failed' : (row.link?.job?.state ?? '')}">${row.problem || (row.link ? jobText(row.link.job) || t('add.saved') : t('job.queued'))}</span>
  </li>`)}</ol>`;
}

export function AddDialog({ initial, title, onClose, events }) {
  const [text, setText] = useState(initial ?? '');
  const box = useRef(null);
  useEffect(() => box.current.focus(), []);
  const lines = text.split('\n').map((line) => line.trim()).filter(Boolean);
  return html`<${Dialog} label=${t('add')} onClose=${onClose}>
    <div class="fields">
      <label for="add-url">${t('address')}</label>
      <textarea id="add-url" ref=${box} rows=${Math.min(8, Math.max(1, lines.length + (text.endsWith('\n') ? 1 : 0)))} value=${text} onInput=${(event) => setText(event.target.value)} placeholder="https://…" autocomplete="off" spellcheck="false"></textarea>
    </div>
    ${lines.length > 1 ? html`<${Many} lines=${lines} events=${events} />` : html`<${One} key=${lines.length} url=${lines[0] ?? ''} initialTitle=${title} onDone=${onClose} />`}
  <//>`;
}
