/** Who is here: a chip for each person beside the status line. A chip leads to its person's caret. */

import type { Editor } from '@tiptap/core'
import { relativePositionToAbsolutePosition, ySyncPluginKey } from '@tiptap/y-tiptap'
import * as Y from 'yjs'

import { goTo } from '../commands'
import { byId, el } from '../dom'
import type { Presence } from '../live/presence'
import type { Person } from '../live/protocol'
import { colour, firstName } from '../live/together'
import { formatList, message } from '../messages'

/** More are counted: fifty readers would push the text off the screen. */
const SHOWN = 4

export class PeoplePane {
  private readonly list = byId('ws-people')
  private shown = ''
  private known = new Map<number, string>()

  constructor(private readonly presence: Presence, private readonly me: Person, private readonly editor: Editor) {
    presence.awareness.on('change', () => this.follow())
    this.draw([])
  }

  private follow(): void {
    const others = this.presence.others(this.me.id)
    const key = JSON.stringify(others)
    if (key === this.shown) return
    this.shown = key
    this.announce(others.map((one) => one.person))
    const focused = (document.activeElement as HTMLElement | null)?.dataset.person
    this.draw(others)
    if (focused) this.list.querySelector<HTMLElement>(`[data-person="${CSS.escape(focused)}"]`)?.focus()
  }

  private draw(others: { person: Person; client: number }[]): void {
    const rest = others.slice(SHOWN)
    this.list.replaceChildren(
      el('li', {}, el('span', { class: `person by-${colour(this.me)}`, 'data-initials': initials(this.me.name) }, message('you'))),
      ...others.slice(0, SHOWN).map(({ person, client }) => el('li', {}, this.chip(person, client))),
      ...(rest.length ? [el('li', {}, this.more(rest))] : []),
    )
  }

  private chip(person: Person, client: number): HTMLElement {
    return el(
      'button',
      {
        type: 'button', class: `person by-${colour(person)}`, 'data-initials': initials(person.name), 'data-person': person.id,
        title: person.name, 'aria-label': message('person-here', { name: person.name }), onclick: () => this.goToCaret(client),
      },
      firstName(person.name),
    )
  }

  private more(rest: { person: Person }[]): HTMLElement {
    const names = rest.map(({ person }) => el('li', {}, person.name))
    return el('details', { class: 'more-people' }, el('summary', {}, `+${rest.length}`), el('ul', {}, ...names))
  }

  private goToCaret(client: number): void {
    const cursor = this.presence.awareness.getStates().get(client)?.cursor as { head: unknown } | undefined
    const sync = ySyncPluginKey.getState(this.editor.state) as { doc: Y.Doc; type: Y.XmlFragment; binding: { mapping: Map<never, never> } }
    if (!cursor) return
    const position = relativePositionToAbsolutePosition(
      sync.doc, sync.type, Y.createRelativePositionFromJSON(cursor.head), sync.binding.mapping,
    )
    if (position !== null) goTo(this.editor, Math.max(0, position - 1))
  }

  /** Politely, and never one's own coming and going. */
  private announce(others: Person[]): void {
    const now = new Map(others.map((person) => [person.id, person.name]))
    const came = others.filter((person) => !this.known.has(person.id)).map((person) => person.name)
    const left = [...this.known].filter(([id]) => !now.has(id)).map(([, name]) => name)
    this.known = now
    if (!this.presence.settled) return
    const said = [came.length && message('came', { names: formatList(came) }), left.length && message('left', { names: formatList(left) })]
    byId('ws-aloud').textContent = said.filter(Boolean).join('. ')
  }
}

/** "NM" of Naledi Motsepe; names of one word have one letter. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const ends = words.length > 1 ? [words[0]!, words.at(-1)!] : words
  return ends.map((word) => [...word][0]?.toLocaleUpperCase() ?? '').join('')
}
