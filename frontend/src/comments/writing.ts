/** The form in which a comment, a reply or a suggestion is written. It stays, with what was typed, until it is sent. */

import { el, whileDisabled } from '../dom'
import { message } from '../messages'
import { MentionList, mentioned } from './mentions'
import type { Outcome, Person, Written } from './requests'

export interface Writing {
  label: string
  act: string
  /** the words that a suggestion would change */
  words?: string
  people: () => Person[]
  send: (written: Written) => Promise<Outcome>
  done: () => void
  away: () => void
}

let forms = 0

/** A random UUID. `crypto.randomUUID` is missing where a page comes over plain HTTP. */
function formKey(): string {
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5')
}

/** A field in which something was typed that is not sent yet. */
export function fieldWithWords(place: ParentNode): HTMLTextAreaElement | undefined {
  const fields = place.querySelectorAll<HTMLTextAreaElement>('.writing textarea')
  return [...fields].find((field) => field.value.trim() !== field.defaultValue.trim())
}

export function writingForm(writing: Writing): HTMLFormElement {
  forms += 1
  const key = formKey()
  const body = el('textarea', { class: 'input', id: `comment-body-${forms}`, rows: 3, dir: 'auto' })
  const wording = writing.words === undefined ? null : el('textarea', { class: 'input', id: `comment-words-${forms}`, rows: 3, dir: 'auto' })
  if (wording) wording.defaultValue = writing.words ?? ''
  const error = el('p', { class: 'error', role: 'alert' })
  const button = el('button', { type: 'submit', class: 'button' }, writing.act)
  const bodyLabel = wording ? message('comment-why') : writing.label
  const form = el(
    'form',
    { class: 'writing', novalidate: true },
    wording ? el('div', { class: 'field' }, el('label', { for: wording.id }, writing.label), wording) : null,
    el('div', { class: 'field' }, el('label', { for: body.id }, bodyLabel), new MentionList(body, writing.people).element),
    error,
    el('div', { class: 'buttons' }, button, el('button', { type: 'button', class: 'button quiet', onclick: writing.away }, message('cancel'))),
  )
  const submit = async () => {
    const written = { body: body.value, mentions: mentioned(body.value, writing.people()), proposal: wording?.value ?? null, form_key: key }
    const outcome = await whileDisabled(button, () => writing.send(written))
    if (outcome !== null && typeof outcome !== 'string') return writing.done()
    error.textContent = outcome || message('comment-not-sent')
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void submit()
  })
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      form.requestSubmit()
    }
    if (event.key === 'Escape' && !fieldWithWords(form)) writing.away()
  })
  window.setTimeout(() => (wording ?? body).focus())
  return form
}
