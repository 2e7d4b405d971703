/** "@" and the first letters of a name open a list of people; choosing one writes the name. */

import { plain } from '../dialogs/choose'
import { el } from '../dom'
import type { Person } from './requests'

let lists = 0

/** The people whose "@name" stands in the text; of several who fit at one "@", those with the longest name. */
export function mentioned(text: string, people: Person[]): number[] {
  const places = [...text.matchAll(/@/g)].map(({ index }) => index + 1)
  const named = places.flatMap((place) => {
    const fitting = people.filter(({ name }) => text.startsWith(name, place))
    const longest = Math.max(...fitting.map(({ name }) => name.length))
    return fitting.filter(({ name }) => name.length === longest)
  })
  return [...new Set(named.map(({ id }) => id))]
}

export class MentionList {
  readonly element: HTMLElement
  private readonly list: HTMLElement
  private found: Person[] = []
  private chosen = 0

  constructor(private readonly field: HTMLTextAreaElement, private readonly people: () => Person[]) {
    lists += 1
    this.list = el('ul', { class: 'mention-list', role: 'listbox', id: `mentions-${lists}`, hidden: true })
    this.element = el('div', { class: 'mentioning' }, field, this.list)
    field.setAttribute('role', 'combobox')
    field.setAttribute('aria-autocomplete', 'list')
    field.setAttribute('aria-expanded', 'false')
    field.setAttribute('aria-controls', this.list.id)
    field.addEventListener('input', () => this.look())
    field.addEventListener('keydown', (event) => this.pressed(event))
    field.addEventListener('blur', () => window.setTimeout(() => this.hide(), 150)) // a click on a name comes first
  }

  private begun(): string | null {
    const before = this.field.value.slice(0, this.field.selectionStart)
    return /(?:^|[^\w.+-])@([^@\n]{0,40})$/.exec(before)?.[1] ?? null
  }

  private look(): void {
    const begun = this.begun()
    const folded = plain(begun ?? '')
    this.found = begun === null ? [] : this.people().filter((person) => plain(person.name).split(/\s+/).some((_, place, words) => words.slice(place).join(' ').startsWith(folded)))
    this.chosen = 0
    this.draw()
  }

  private draw(): void {
    this.list.hidden = !this.found.length
    this.field.setAttribute('aria-expanded', String(this.found.length > 0))
    this.list.replaceChildren(
      ...this.found.map((person, place) =>
        el('li', { role: 'option', id: `${this.list.id}-${place}`, 'aria-selected': String(place === this.chosen), onmousedown: (event) => (event.preventDefault(), this.choose(person)) }, person.name),
      ),
    )
    if (this.found.length) this.field.setAttribute('aria-activedescendant', `${this.list.id}-${this.chosen}`)
    else this.field.removeAttribute('aria-activedescendant')
  }

  private pressed(event: KeyboardEvent): void {
    if (!this.found.length || event.isComposing) return
    const person = this.found[this.chosen]
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const step = event.key === 'ArrowDown' ? 1 : -1
      this.chosen = (this.chosen + step + this.found.length) % this.found.length
      this.draw()
    } else if ((event.key === 'Enter' || event.key === 'Tab') && person) this.choose(person)
    else if (event.key === 'Escape') this.hide()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  private choose(person: Person): void {
    const end = this.field.selectionStart
    const start = end - (this.begun()?.length ?? 0)
    this.field.setRangeText(`${person.name} `, start, end, 'end')
    this.hide()
    this.field.focus()
  }

  private hide(): void {
    this.found = []
    this.draw()
  }
}
