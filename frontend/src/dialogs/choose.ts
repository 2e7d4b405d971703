/** A combobox whose listbox is always open. */

import { el } from '../dom'
import { plural } from '../messages'
import { openDialog } from './dialog'

export interface Choice<Value> {
  value: Value
  label: string
  detail?: string
  /** further search terms */
  also?: string
  mark?: Node
}

/** Lower case without accents, for comparison. */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

export function matching<Value>(choices: Choice<Value>[], typed: string): Choice<Value>[] {
  const words = plain(typed).split(/\s+/).filter(Boolean)
  return choices.filter((choice) => {
    const text = plain(`${choice.label} ${choice.detail ?? ''} ${choice.also ?? ''}`)
    return words.every((word) => text.includes(word))
  })
}

/** `ask` searches the server for what is typed; its results are listed below the local ones. */
export function choose<Value>(
  title: string,
  label: string,
  choices: Choice<Value>[],
  ask?: (typed: string) => Promise<Choice<Value>[] | null>,
): Promise<Value | null> {
  const list = el('ul', { role: 'listbox', id: 'choose-list', class: 'choices', 'aria-label': title })
  const input = el('input', {
    class: 'input', id: 'choose-input', type: 'text', role: 'combobox', autocomplete: 'off', spellcheck: 'false',
    'aria-expanded': 'true', 'aria-controls': 'choose-list', 'aria-autocomplete': 'list',
  })
  const found = el('p', { class: 'hint', role: 'status' })
  const field = el('div', { class: 'field' }, el('label', { for: 'choose-input' }, label), input)
  let shown: Choice<Value>[] = []
  let active = 0
  let chosen: Value | null = null
  let timer = 0

  const mark = () => {
    ;[...list.children].forEach((option, index) => option.setAttribute('aria-selected', String(index === active)))
    const option = list.children[active]
    if (option) {
      input.setAttribute('aria-activedescendant', option.id)
      option.scrollIntoView({ block: 'nearest' })
    } else {
      input.removeAttribute('aria-activedescendant')
    }
  }
  const take = (index: number) => {
    const choice = shown[index]
    if (!choice) return
    chosen = choice.value
    frame.close('chosen')
  }
  const draw = (more: Choice<Value>[] = []) => {
    const here = matching(choices, input.value)
    const known = new Set(here.map((choice) => choice.value))
    active = more.length ? active : 0
    shown = [...here, ...more.filter((choice) => !known.has(choice.value))]
    list.replaceChildren(
      ...shown.map((choice, index) =>
        el(
          'li',
          { role: 'option', id: `choose-${index}`, onclick: () => take(index) },
          el('span', { class: 'choice' }, el('bdi', {}, choice.label), choice.mark),
          choice.detail && el('span', { class: 'hint' }, el('bdi', {}, choice.detail)),
        ),
      ),
    )
    found.textContent = plural('found', shown.length)
    mark()
  }
  const move: Record<string, (last: number) => number> = {
    ArrowDown: (last) => (active < last ? active + 1 : 0),
    ArrowUp: (last) => (active > 0 ? active - 1 : last),
    PageDown: (last) => Math.min(active + 8, last),
    PageUp: () => Math.max(active - 8, 0),
  }
  const lookFurther = async () => {
    const typed = input.value
    const more = await ask?.(typed.trim())
    if (more && typed === input.value) draw(more)
  }
  input.addEventListener('input', () => {
    draw()
    window.clearTimeout(timer)
    if (ask && input.value.trim()) timer = window.setTimeout(() => void lookFurther(), 250)
  })
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault()
      take(active)
    } else if (move[event.key] && shown.length) {
      event.preventDefault()
      active = move[event.key]!(shown.length - 1)
      mark()
    }
  })
  const frame = openDialog(title, [field, found, list], [])
  draw()
  input.focus()
  return frame.closed.then(() => chosen)
}
