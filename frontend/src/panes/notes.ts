/** The notes under the text, numbered as in the chosen government's letter. */

import type { Editor } from '@tiptap/core'

import { removeNote } from '../commands'
import { editNote } from '../dialogs/note'
import { linkButton, byId, el, icon } from '../dom'
import type { Noted } from '../numbering'
import { doubts, type Reader } from '../reader'
import { message } from '../messages'

export class NotesList {
  private readonly section = byId('ws-notes')
  private readonly list = byId('ws-notes-list')

  constructor(
    private readonly reader: Reader,
    /** in which notes are changed; null for readers */
    private readonly editor: Editor | null,
    /** of the letter, also where a note begins with a name in other letters */
    private readonly direction: 'ltr' | 'rtl',
  ) {
    reader.subscribe(() => this.draw())
  }

  draw(): void {
    const { noted } = this.reader
    this.section.hidden = noted.length === 0
    this.list.replaceChildren(...noted.map((one, index) => (one.facts.length ? this.note(one, index + 1) : this.own(index))))
  }

  /** The position is looked up when it is needed: the text may have grown since. */
  private own(index: number): HTMLElement {
    const now = () => this.reader.noted[index]
    return el(
      'li',
      {},
      el('bdi', { dir: this.direction }, now()?.text ?? ''),
      ' ',
      this.editor && linkButton(message('note-change', { n: index + 1 }), () => this.editor && void editNote(this.editor, now()?.pos ?? -1)),
      this.editor && linkButton(message('note-remove', { n: index + 1 }), () => this.remove(now() ?? { facts: [] }, index + 1)),
    )
  }

  /** The text as it is printed, which facts of one note share once the server has said it. */
  private note(one: Noted, number: number): HTMLElement {
    const texts = one.facts.map((key) => this.reader.citations.get(key) ?? this.reader.facts.get(key)?.citation ?? message('fact-gone'))
    return el(
      'li',
      {},
      ...[...new Set(texts)].flatMap((text) => [el('bdi', { dir: this.direction }, text), ' ']),
      ...one.facts.map((key) => this.doubt(key)),
      this.editor && linkButton(message('note-remove', { n: number }), () => this.remove(one, number)),
    )
  }

  private remove(note: Noted, number: number): void {
    if (!this.editor) return
    removeNote(this.editor, note)
    byId('ws-aloud').textContent = message('note-removed', { n: number })
    this.editor.commands.focus()
  }

  private doubt(key: string): HTMLElement | null {
    const fact = this.reader.facts.get(key)
    const why = doubts(fact).join(' ')
    return fact && why ? el('span', { class: 'state state-warn' }, icon('warn'), message('note-doubtful', { n: fact.number, why })) : null
  }
}
