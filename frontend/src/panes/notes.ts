/** The notes under the text, numbered as in the chosen government's letter. */

import { linkButton, byId, el, icon } from '../dom'
import { doubts, type Reader } from '../reader'
import { message } from '../messages'

export class NotesList {
  private readonly section = byId('ws-notes')
  private readonly list = byId('ws-notes-list')

  constructor(
    private readonly reader: Reader,
    private readonly remove: ((fact: string, number: number) => void) | null,
  ) {
    reader.subscribe(() => this.draw())
  }

  draw(): void {
    const keys = this.reader.noted
    this.section.hidden = keys.length === 0
    this.list.replaceChildren(...keys.map((key, index) => this.note(key, index + 1)))
  }

  private note(key: string, number: number): HTMLElement {
    const fact = this.reader.facts.get(key)
    const why = doubts(fact).join(' ')
    return el(
      'li',
      {},
      el('bdi', {}, this.reader.citations.get(key) ?? fact?.citation ?? message('fact-gone')),
      ' ',
      fact && why ? el('span', { class: 'state state-warn' }, icon('warn'), message('note-doubtful', { n: fact.number, why })) : null,
      this.remove && linkButton(message('note-remove', { n: number }), () => this.remove?.(key, number)),
    )
  }
}
