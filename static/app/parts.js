// Small pieces that several views share.
import { html, useEffect, useRef, useState } from './html.js';
import { call } from '../api.js';
import { t } from './words.js';

/** "20261124211100" as a Date. */
export function dateOf(timestamp) {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(timestamp);
  return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)));
}

/** Where a snapshot is shown with its versions around it. */
export const viewAddress = (replayPath) => `view${replayPath.replaceAll('#', '%23')}`;

export const hostOf = (url) => {
  try {
    return new URL(url).host.replace(/^www\./, '');
  } catch {
    return url;
  }
};

/** A snippet of the search (escaped text with <mark>): nothing in it is taken for markup. */
export function Snippet({ text }) {
  const plain = (piece) => piece.replace(/&(lt|gt|quot|#39|amp);/g, (_, name) => ({ lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' })[name]);
  const pieces = text.split(/(<mark>.*?<\/mark>)/su).map((piece) => {
    const hit = /^<mark>(.*)<\/mark>$/su.exec(piece);
    return hit ? html`<mark>${plain(hit[1])}</mark>` : plain(piece);
  });
  return html`<p class="snippet">${pieces}</p>`;
}

/** What a link's newest job is at, if there is something to say. */
export function jobText(job) {
  if (!job || job.state === 'done') return '';
  if (job.state === 'queued') return job.error ? t('job.retry', { reason: job.error.message }) : t('job.queued');
  if (job.state === 'running') {
    const progress = job.progress?.known ? t('job.progress', { fetched: job.progress.fetched, known: job.progress.known }) : '';
    return `${t('job.running')} ${progress}`.trim();
  }
  return job.state === 'failed' ? t('job.failed', { reason: job.error?.message ?? '' }) : t('job.cancelled');
}

export const isBusy = (job) => job?.state === 'queued' || job?.state === 'running';

/** Tags as removable chips, with suggestions from those that exist; a comma or Enter ends one. */
export function TagInput({ id, tags, onChange }) {
  const [text, setText] = useState('');
  const [known, setKnown] = useState([]);
  const turn = useRef(0);
  useEffect(() => {
    const mine = ++turn.current;
    const wanted = text.trim();
    if (!wanted) return setKnown([]);
    call('GET', `tags?prefix=${encodeURIComponent(wanted)}&limit=8`).then(
      (answer) => mine === turn.current && setKnown(answer.tags.map((one) => one.tag).filter((tag) => !tags.includes(tag))),
      () => setKnown([]),
    );
  }, [text]);
  const add = (value) => {
    const more = value.split(/[,，、]/).map((tag) => tag.trim().replace(/^[#＃]/, '')).filter((tag) => tag && !tags.includes(tag));
    if (more.length) onChange([...tags, ...more]);
    setText('');
  };
  const typed = (event) => {
    const { value } = event.target;
    if (/[,，、]$/.test(value)) add(value);
    else setText(value);
  };
  const pressed = (event) => {
    if (event.isComposing) return;
    if (event.key === 'Enter' && text.trim()) {
      event.preventDefault();
      add(text);
    } else if (event.key === 'Backspace' && !text && tags.length) {
      onChange(tags.slice(0, -1));
    }
  };
  return html`<span class="tag-input">
    ${tags.map((tag) => html`<button type="button" class="chip" key=${tag} aria-label=${t('tag.remove', { tag })} onClick=${() => onChange(tags.filter((one) => one !== tag))}>${tag} <span aria-hidden="true">×</span></button>`)}
    <input id=${id} list="${id}-known" value=${text} onInput=${typed} onKeyDown=${pressed} onBlur=${() => add(text)} placeholder=${t('tag.placeholder')} autocomplete="off" />
    <datalist id="${id}-known">${known.map((tag) => html`<option value=${tag} key=${tag}></option>`)}</datalist>
  </span>`;
}

/** A dialog of the browser's own: focus stays within, Escape closes. */
export function Dialog({ label, onClose, children }) {
  const element = useRef(null);
  useEffect(() => {
    element.current.showModal();
    return () => element.current?.close();
  }, []);
  const outside = (event) => event.target === element.current && onClose();
  return html`<dialog ref=${element} aria-label=${label} onClose=${onClose} onMouseDown=${outside}>
    <div class="dialog-head"><h2>${label}</h2><button type="button" class="quiet" aria-label=${t('close')} onClick=${onClose}>×</button></div>
    ${children}
  </dialog>`;
}

/** Runs an action; what it fails with is told as a sentence. */
export function useAttempt() {
  const [problem, setProblem] = useState('');
  const attempt = async (action) => {
    setProblem('');
    try {
      return await action();
    } catch (error) {
      setProblem(error.message);
      return undefined;
    }
  };
  return [problem, attempt];
}

export const Problem = ({ text }) => (text ? html`<p class="problem" role="alert">${text}</p>` : null);
