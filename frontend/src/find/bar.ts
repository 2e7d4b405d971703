/** Find and replace, in the text, its notes and the subject: a bar over the text. Ctrl F opens it, Escape closes it. */

import type { Editor } from '@tiptap/core'
import { TextSelection } from '@tiptap/pm/state'

import { el, linkButton } from '../dom'
import { stopCapturing } from '../live/origin'
import type { SubjectField } from '../live/subjectField'
import { message, plural } from '../messages'
import { cleanText } from '../paste/characters'
import { placesIn, type Match, type Place } from './matches'
import { pickMatch, searchFor, searchIn } from './plugin'

const MAX_NOTE = 2_000

export class FindBar {
  private readonly query = el('input', { class: 'input', id: 'find-query', type: 'search', dir: 'auto', autocomplete: 'off' })
  private readonly replacement = el('input', { class: 'input', id: 'find-replacement', type: 'text', dir: 'auto', autocomplete: 'off' })
  private readonly exact = el('input', { type: 'checkbox', id: 'find-exact' })
  private readonly count = el('span', { class: 'muted', 'aria-live': 'polite' })

  private counted = ''
  /** where the search began */
  private fromSubject = false
  /** the place in the subject that "Replace" replaces; -1 where it is one of the text */
  private inSubject = -1

  constructor(private readonly bar: HTMLElement, private readonly editor: Editor, private readonly subject: SubjectField) {
    bar.append(
      el('label', { for: 'find-query' }, message('find')), this.query, this.count,
      linkButton(message('find-previous'), () => this.step(-1)),
      linkButton(message('find-next'), () => this.step(1)),
      el('label', { for: 'find-replacement' }, message('replace-with')), this.replacement,
      linkButton(message('replace'), () => this.replace()),
      linkButton(message('replace-all'), () => this.replaceAll()),
      el('label', { class: 'pick', for: 'find-exact' }, this.exact, el('span', {}, message('find-exact'))),
      linkButton(message('close'), () => this.close()),
    )
    this.query.addEventListener('input', () => this.search())
    this.exact.addEventListener('change', () => this.search())
    bar.addEventListener('keydown', (event) => this.pressed(event))
    subject.field.addEventListener('keydown', (event) => {
      if (event.key.toLowerCase() !== 'f' || event.altKey || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      this.open(true)
    })
    editor.on('transaction', () => this.draw())
    subject.watch(() => this.draw())
  }

  /** What is selected is searched for. */
  open(fromSubject = false): void {
    const selected = fromSubject ? this.selectedInSubject() : this.selectedInText()
    if (selected) this.query.value = selected
    this.fromSubject = fromSubject
    this.bar.hidden = false
    this.query.select()
    this.query.focus()
    this.search()
  }

  /** Leads to what was found last. */
  close(): void {
    if (this.bar.hidden) return
    const { matches, at } = searchIn(this.editor.state)
    const [match, place] = [matches[at], this.places()[this.inSubject]]
    this.bar.hidden = true
    this.inSubject = -1
    const { state } = this.editor
    const transaction = searchFor(state, '', false)
    if (match) transaction.setSelection(TextSelection.create(state.doc, match.from, match.to))
    this.editor.view.dispatch(transaction)
    this.reveal()
    if (!place) return this.editor.view.focus()
    this.subject.field.focus()
    this.subject.field.setSelectionRange(place.from, place.to)
  }

  private selectedInText(): string {
    const { from, to, empty } = this.editor.state.selection
    const selected = empty ? '' : this.editor.state.doc.textBetween(from, to, '\n', '￼')
    return /[\n￼]/.test(selected) ? '' : selected
  }

  private selectedInSubject(): string {
    const { value, selectionStart, selectionEnd } = this.subject.field
    return value.slice(selectionStart, selectionEnd)
  }

  /** The places in the subject, which come before those of the text. */
  private places(): Place[] {
    const { query, exact } = searchIn(this.editor.state)
    return placesIn(this.subject.value, query, exact)
  }

  private search(): void {
    this.inSubject = -1
    this.editor.view.dispatch(searchFor(this.editor.state, cleanText(this.query.value), this.exact.checked))
    const places = this.places()
    if (!places.length || (searchIn(this.editor.state).matches.length && !this.fromSubject)) return this.reveal()
    const next = places.findIndex(({ from }) => from >= (this.fromSubject ? this.subject.field.selectionStart : 0))
    this.show(Math.max(0, next))
  }

  private step(by: number): void {
    const { matches, at } = searchIn(this.editor.state)
    const before = this.places().length
    const total = before + matches.length
    const now = this.inSubject >= 0 ? this.inSubject : at >= 0 ? before + at : by > 0 ? -1 : 0
    if (total) this.show((now + by + total) % total)
  }

  /** The one with this number, of the subject's and then the text's. */
  private show(index: number): void {
    const before = this.places().length
    this.inSubject = index < before ? index : -1
    this.editor.view.dispatch(pickMatch(this.editor.state, index - before))
    this.reveal()
  }

  private replace(): void {
    const { matches, at } = searchIn(this.editor.state)
    const [match, place] = [matches[at], this.places()[this.inSubject]]
    if (place) return this.replaceInSubject(place)
    if (match) this.write([match])
    this.reveal()
  }

  private replaceInSubject(place: Place): void {
    const words = cleanText(this.replacement.value)
    if (!this.subject.replace([place], words)) return
    const places = this.places()
    const next = places.findIndex(({ from }) => from >= place.from + words.length)
    const total = places.length + searchIn(this.editor.state).matches.length
    if (total) this.show((next < 0 ? places.length : next) % total)
    else this.reveal()
  }

  private replaceAll(): void {
    const { matches } = searchIn(this.editor.state)
    const places = this.places()
    const inSubject = this.subject.replace(places, cleanText(this.replacement.value)) ? places.length : 0
    const inText = this.write(matches)
    this.reveal()
    const words = plural('replaced', inSubject + inText)
    this.count.textContent = inSubject ? `${words} (${message('find-in-subject', { n: inSubject })})` : words
  }

  /** One step for "Undo", however many places. The new words look as the first of the old did. Returns how many. */
  private write(matches: Match[]): number {
    const { state, view } = this.editor
    const words = cleanText(this.replacement.value)
    const transaction = state.tr
    let written = 0
    for (const { from, to, inNote } of [...matches].reverse()) {
      if (inNote) {
        const text = String(transaction.doc.nodeAt(from)?.attrs.text)
        const other = text.slice(0, inNote.from) + words + text.slice(inNote.to)
        if (other.length > MAX_NOTE) continue
        if (other.trim()) transaction.setNodeAttribute(from, 'text', other)
        else transaction.delete(from, to)
      } else {
        const marks = state.doc.resolve(from).marksAcross(state.doc.resolve(to)) ?? []
        if (words) transaction.replaceWith(from, to, state.schema.text(words, marks))
        else transaction.delete(from, to)
      }
      written += 1
    }
    stopCapturing(view)
    view.dispatch(transaction)
    stopCapturing(view)
    return written
  }

  private reveal(): void {
    const { field } = this.subject
    const place = this.places()[this.inSubject]
    field.classList.toggle('found-now', place !== undefined)
    const now = place ? field : this.editor.view.dom.querySelector('.found-now')
    now?.scrollIntoView({ block: 'center' })
  }

  private pressed(event: KeyboardEvent): void {
    const inQuery = event.target === this.query
    if (event.key === 'Escape') this.close()
    else if (event.key === 'Enter' && inQuery) this.step(event.shiftKey ? -1 : 1)
    else if (event.key === 'Enter' && event.target === this.replacement) this.replace()
    else if (event.key.toLowerCase() === 'f' && (event.ctrlKey || event.metaKey)) this.query.select()
    else return
    event.preventDefault()
  }

  private draw(): void {
    const { query, matches, at } = searchIn(this.editor.state)
    const before = this.places().length
    if (this.inSubject >= before) this.inSubject = -1
    const n = this.inSubject >= 0 ? this.inSubject + 1 : at >= 0 ? before + at + 1 : 0
    const where = this.inSubject >= 0 ? 'find-count-subject' : matches[at]?.inNote ? 'find-count-note' : 'find-count'
    const words = query ? message(where, { n, total: before + matches.length }) : ''
    if (words !== this.counted) this.count.textContent = words
    this.counted = words // until it changes, "3 replaced" stays in sight
  }
}
