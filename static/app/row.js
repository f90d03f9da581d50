// One link in the list.
import { html, useState } from './html.js';
import { call } from '../api.js';
import { dateOf, hostOf, isBusy, jobText, Snippet, viewAddress } from './parts.js';
import { address } from './place.js';
import { ago, dateTime, t } from './words.js';

const badges = ['unread', 'favourite', 'archived', 'shared', 'broken', 'deleted'];

function Icon({ link }) {
  const [missing, setMissing] = useState(false);
  if (!link.favicon || missing) return html`<span class="icon" aria-hidden="true">${hostOf(link.url).slice(0, 1).toUpperCase()}</span>`;
  return html`<img class="icon" src=${link.favicon.replace(/^\//, '')} alt="" loading="lazy" width="16" height="16" onError=${() => setMissing(true)} />`;
}

/** The date opens the snapshot. */
function Version({ snapshot }) {
  if (!snapshot) return null;
  const date = dateOf(snapshot.timestamp);
  return html`<a class="version" href=${viewAddress(snapshot.replay_path)} title=${t('snapshot.of', { date: dateTime(date) })}><time datetime=${date.toISOString()}>${ago(date)}</time></a>`;
}

export function Row({ link, place, chosen, current, choosing, onChoose, attempt, reload }) {
  const busy = isBusy(link.job);
  const patch = (change) => attempt(() => call('PATCH', `links/${link.id}`, change).then(reload));
  return html`<li class="row ${current ? 'current' : ''} ${chosen ? 'chosen' : ''}" data-link=${link.id} aria-current=${current ? 'true' : undefined}>
    ${choosing ? html`<input type="checkbox" checked=${chosen} aria-label=${t('select.one', { title: link.title || link.url })} onChange=${onChoose} />` : null}
    <${Icon} link=${link} />
    <div class="body">
      <div class="head">
        <a class="title" href=${link.url} rel="noreferrer noopener">${link.title || link.url}</a>
        <span class="host">${hostOf(link.url)}</span>
        ${badges.filter((name) => link[name]).map((name) => html`<span class="badge ${name}" key=${name} title=${name === 'broken' ? link.broken : undefined}>${t(`state.${name}`)}</span>`)}
      </div>
      ${link.snippets?.length ? link.snippets.map((text, at) => html`<${Snippet} text=${text} key=${at} />`) : link.description ? html`<p class="description">${link.description}</p>` : null}
      <div class="meta">
        ${link.tags.map((tag) => html`<a class="tag" key=${tag} href=${address({ ...place, view: 'list', id: null, tags: [...new Set([...place.tags, tag])] })}>#${tag}</a>`)}
        <${Version} snapshot=${link.snapshot} />
        ${jobText(link.job) ? html`<span class="job ${link.job.state}">${jobText(link.job)}</span>` : null}
        <span class="actions">
          <a href=${address({ view: 'link', id: link.id })}>${t('details')}</a>
          ${link.deleted
            ? html`<button type="button" onClick=${() => attempt(() => call('POST', `links/${link.id}/restore`).then(reload))}>${t('restore')}</button>`
            : html`
              ${busy
                ? html`<button type="button" onClick=${() => attempt(() => call('DELETE', `jobs/${link.job.id}`))}>${t('cancel')}</button>`
                : html`<button type="button" onClick=${() => attempt(() => call('POST', `links/${link.id}/snapshots`))}>${t('snapshot.again')}</button>`}
              <button type="button" aria-pressed=${String(link.favourite)} onClick=${() => patch({ favourite: !link.favourite })}>${link.favourite ? t('unfavourite') : t('favourite')}</button>
              <button type="button" onClick=${() => patch({ archived: !link.archived })}>${link.archived ? t('unarchive') : t('archive')}</button>
              ${link.unread ? html`<button type="button" onClick=${() => patch({ unread: false })}>${t('mark_read')}</button>` : null}
              <button type="button" onClick=${() => attempt(() => call('DELETE', `links/${link.id}`).then(reload))}>${t('remove')}</button>`}
        </span>
      </div>
    </div>
  </li>`;
}
