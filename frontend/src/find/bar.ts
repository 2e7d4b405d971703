/** Find and replace: a bar over the text. Ctrl F opens it, Escape closes it. */

import type { Editor } from '@tiptap/core'
import { TextSelection } from '@tiptap/pm/state'

import { el, linkButton } from '../dom'
import { stopCapturing } from '../live/origin'
import { message, plural } from '../messages'
import { cleanText } from '../paste/characters'
import type { Match } from './matches'
import { goToMatch, searchFor, searchIn } from './plugin'

export class FindBar {
  private readonly query = el('input', { class: 'input', id: 'find-query', type: 'search', dir: 'auto', autocomplete: 'off' })
  private readonly replacement = el('input', { class: 'input', id: 'find-replacement', type: 'text', dir: 'auto', autocomplete: 'off' })
  private readonly exact = el('input', { type: 'checkbox', id: 'find-exact' })
  private readonly count = el('span', { class: 'muted', 'aria-live': 'polite' })

  private counted = ''

  constructor(private readonly bar: HTMLElement, private readonly editor: Editor) {
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
    editor.on('transaction', () => this.draw())
  }

  /** What is selected is searched for. */
  open(): void {
    const { from, to, empty } = this.editor.state.selection
    const selected = empty ? '' : this.editor.state.doc.textBetween(from, to, '\n', '￼')
    if (selected && !/[\n￼]/.test(selected)) this.query.value = selected
    this.bar.hidden = false
    this.query.select()
    this.query.focus()
    this.search()
  }

  close(): void {
    if (this.bar.hidden) return
    const { matches, at } = searchIn(this.editor.state)
    const match = matches[at]
    this.bar.hidden = true
    const { state } = this.editor
    const transaction = searchFor(state, '', false)
    if (match) transaction.setSelection(TextSelection.create(state.doc, match.from, match.to))
    this.editor.view.dispatch(transaction)
    this.editor.view.focus()
  }

  private search(): void {
    this.editor.view.dispatch(searchFor(this.editor.state, cleanText(this.query.value), this.exact.checked))
    this.reveal()
  }

  private step(by: number): void {
    this.editor.view.dispatch(goToMatch(this.editor.state, by))
    this.reveal()
  }

  private replace(): void {
    const { matches, at } = searchIn(this.editor.state)
    const match = matches[at]
    if (match) this.write([match])
    this.reveal()
  }

  private replaceAll(): void {
    const { matches } = searchIn(this.editor.state)
    const count = matches.length
    this.write(matches)
    this.count.textContent = plural('replaced', count)
  }

  /** One step for "Undo", however many places. The new words look as the first of the old did. */
  private write(matches: Match[]): void {
    const { state, view } = this.editor
    const words = cleanText(this.replacement.value)
    const transaction = state.tr
    for (const { from, to } of [...matches].reverse()) {
      const marks = state.doc.resolve(from).marksAcross(state.doc.resolve(to)) ?? []
      if (words) transaction.replaceWith(from, to, state.schema.text(words, marks))
      else transaction.delete(from, to)
    }
    stopCapturing(view)
    view.dispatch(transaction)
    stopCapturing(view)
  }

  private reveal(): void {
    this.editor.view.dom.querySelector('.found-now')?.scrollIntoView({ block: 'center' })
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
    const words = query ? message('find-count', { n: at + 1, total: matches.length }) : ''
    if (words !== this.counted) this.count.textContent = words
    this.counted = words // until it changes, "3 replaced" stays in sight
  }
}
