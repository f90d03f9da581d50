// What Waymark is at: queued, running and finished jobs, as they move.
import { html, useCallback, useEffect, useState } from './html.js';
import { call } from '../api.js';
import { isBusy, jobText, Problem, useAttempt } from './parts.js';
import { address } from './place.js';
import { ago, t } from './words.js';

const states = ['', 'queued', 'running', 'done', 'failed', 'cancelled'];

export function JobsView({ events }) {
  const [state, setState] = useState('');
  const [jobs, setJobs] = useState(null);
  const [problem, attempt] = useAttempt();
  const load = useCallback(() => attempt(async () => setJobs((await call('GET', `jobs?limit=100${state ? `&state=${state}` : ''}`)).jobs)), [state]);
  useEffect(() => {
    load();
  }, [load]);
  useEffect(() => events((name, data) => {
    if (name === 'reset') load();
    if (name !== 'job') return;
    setJobs((before) => {
      if (!before) return before;
      const known = before.some((job) => job.id === data.id);
      return known ? before.map((job) => (job.id === data.id ? data : job)) : state && state !== data.state ? before : [data, ...before];
    });
  }), [events, load, state]);
  return html`<section aria-labelledby="jobs-title">
    <h2 id="jobs-title">${t('jobs')}</h2>
    <p><label>${t('status')} <select value=${state} onChange=${(event) => setState(event.target.value)}>${states.map((one) => html`<option value=${one} key=${one}>${t(`jobs.${one || 'all'}`)}</option>`)}</select></label></p>
    <${Problem} text=${problem} />
    ${jobs?.length === 0 ? html`<p class="empty">${t('jobs.none')}</p>` : null}
    <div class="scroll"><table><thead><tr><th>${t('job.what')}</th><th>${t('status')}</th><th>${t('job.when')}</th><th><span class="hidden">${t('actions')}</span></th></tr></thead>
      <tbody>${(jobs ?? []).map((job) => html`<tr key=${job.id}>
        <td>${t(`job.kind.${job.kind}`)} ${job.link_id ? html`<a href=${address({ view: 'link', id: job.link_id })}>${job.url}</a>` : (job.url ?? '')}</td>
        <td><span class="job ${job.state}">${jobText(job) || t('jobs.done')}</span></td>
        <td>${job.created ? ago(new Date(job.created)) : ''}</td>
        <td>${isBusy(job) ? html`<button type="button" onClick=${() => attempt(() => call('DELETE', `jobs/${job.id}`))}>${t('cancel')}</button>` : null}</td>
      </tr>`)}</tbody></table></div>
  </section>`;
}
