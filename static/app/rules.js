// Rules that tag by address, host, title or text: tried before they are kept.
import { html, useCallback, useEffect, useState } from './html.js';
import { call } from '../api.js';
import { Problem, TagInput, useAttempt } from './parts.js';
import { address } from './place.js';
import { t } from './words.js';

const fields = ['host', 'url', 'title', 'text'];

export function RulesView() {
  const [rules, setRules] = useState(null);
  const [rule, setRule] = useState({ name: '', field: 'host', pattern: '', tags: [] });
  const [preview, setPreview] = useState(null);
  const [problem, attempt] = useAttempt();
  const load = useCallback(() => attempt(async () => setRules((await call('GET', 'rules')).rules)), []);
  useEffect(() => {
    load();
  }, []);
  const body = () => ({ name: rule.name || `${rule.field}: ${rule.pattern}`, [rule.field]: rule.pattern, tags: rule.tags });
  const save = (event) => {
    event.preventDefault();
    return attempt(async () => {
      await call('POST', 'rules', body());
      setRule({ ...rule, name: '', pattern: '', tags: [] });
      setPreview(null);
      await load();
    });
  };
  const ready = rule.pattern && rule.tags.length > 0;
  return html`<section aria-labelledby="rules-title">
    <h2 id="rules-title">${t('rules')}</h2>
    <p>${t('rules.what')}</p>
    <form class="fields" onSubmit=${save}>
      <label for="rule-field">${t('rules.if')}</label>
      <span><select id="rule-field" value=${rule.field} onChange=${(event) => setRule({ ...rule, field: event.target.value })}>${fields.map((name) => html`<option value=${name} key=${name}>${t(`rules.field.${name}`)}</option>`)}</select>
        <input aria-label=${t('rules.pattern')} value=${rule.pattern} placeholder=${t(`rules.example.${rule.field}`)} onInput=${(event) => setRule({ ...rule, pattern: event.target.value })} /></span>
      <label for="rule-tags">${t('rules.then')}</label><${TagInput} id="rule-tags" tags=${rule.tags} onChange=${(tags) => setRule((before) => ({ ...before, tags }))} />
      <span></span><div><button type="button" disabled=${!ready} onClick=${() => attempt(async () => setPreview(await call('POST', 'rules/preview', body())))}>${t('rules.preview')}</button> <button class="main" disabled=${!ready}>${t('save')}</button></div>
    </form>
    <${Problem} text=${problem} />
    ${preview ? html`<p role="status">${t('rules.matches', { count: preview.total ?? preview.links?.length ?? 0 })}</p><ul>${(preview.links ?? []).slice(0, 20).map((link) => html`<li key=${link.id}><a href=${address({ view: 'link', id: link.id })}>${link.title || link.url}</a></li>`)}</ul>` : null}
    ${rules?.length === 0 ? html`<p class="empty">${t('rules.none')}</p>` : null}
    <ul class="plain">${(rules ?? []).map((one) => html`<li key=${one.id}><strong>${one.name}</strong> → ${(one.tags ?? []).map((tag) => html`<span class="tag" key=${tag}>#${tag} </span>`)}
      <button type="button" onClick=${() => attempt(() => call('DELETE', `rules/${one.id}`).then(load))}>${t('remove')}</button></li>`)}</ul>
  </section>`;
}
