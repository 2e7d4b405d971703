/** The form in which a comment, a reply or a suggestion is written. It stays, with what was typed, until it is sent. */

import { el, whileDisabled } from '../dom'
import { message } from '../messages'
import { MentionList, mentioned } from './mentions'
import type { Outcome, Person } from './requests'

export interface Written {
  body: string
  mentions: number[]
  /** null: a comment */
  proposal: string | null
}

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

/** A field in which something was typed that is not sent yet. */
export function fieldWithWords(place: ParentNode): HTMLTextAreaElement | undefined {
  const fields = place.querySelectorAll<HTMLTextAreaElement>('.writing textarea')
  return [...fields].find((field) => field.value.trim() !== field.defaultValue.trim())
}

export function writingForm(writing: Writing): HTMLFormElement {
  forms += 1
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
    const written = { body: body.value, mentions: mentioned(body.value, writing.people()), proposal: wording?.value ?? null }
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
