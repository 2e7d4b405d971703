/** Whom a block is for: groups, stances, single governments, each "only to" or "not to". */

import type { Editor } from '@tiptap/core'

import { enclosing, setAttributes, setAudience, unwrap, type Audience } from '../commands'
import { el } from '../dom'
import type { Entry, Reader } from '../reader'
import { plural, message } from '../messages'
import { plain } from './choose'
import { openDialog } from './dialog'

type Side = '' | 'only' | 'except'

/** True if a block was limited, or its limits changed. */
export async function pickAudience(editor: Editor, reader: Reader): Promise<boolean> {
  const there = enclosing(editor.state, 'audience')
  if (there) return editAudience(editor, reader, there.pos)
  const audience = await ask(reader, { only: [], except: [] }, false)
  if (!audience || audience === 'remove') return false
  return setAudience(editor, audience)
}

export async function editAudience(editor: Editor, reader: Reader, pos: number): Promise<boolean> {
  const node = editor.state.doc.nodeAt(pos)
  if (node?.type.name !== 'audience') return false
  const { only, except } = node.attrs as unknown as Audience
  const audience = await ask(reader, { only, except }, true)
  if (audience === 'remove') unwrap(editor, pos)
  else if (audience) setAttributes(editor, pos, { ...audience })
  editor.commands.focus()
  return audience !== null
}

async function ask(reader: Reader, given: Audience, marked: boolean): Promise<Audience | 'remove' | null> {
  const sides = new Map<string, Side>()
  for (const entry of given.only) sides.set(entry, 'only')
  for (const entry of given.except) sides.set(entry, 'except')
  const audience = (): Audience => ({
    only: [...sides].filter(([, side]) => side === 'only').map(([entry]) => entry),
    except: [...sides].filter(([, side]) => side === 'except').map(([entry]) => entry),
  })
  const sentence = el('p', { class: 'who-now', role: 'status' })
  const search = el('input', { class: 'input', id: 'audience-search', type: 'search', autocomplete: 'off' })
  const list = el('ul', { class: 'audiences', tabindex: '-1' })

  const tell = () => {
    sentence.textContent = reader.sentence(audience())
  }
  const draw = () => {
    const typed = plain(search.value)
    const shown = [...reader.entries.values()].filter(
      (entry) => (typed ? plain(entry.label).includes(typed) : entry.kind !== 'member') || sides.get(entry.entry),
    )
    list.replaceChildren(...shown.map((entry) => row(entry, sides, tell)))
  }
  search.addEventListener('input', draw)
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') event.preventDefault()
  })
  draw()
  tell()
  const frame = openDialog(
    message('audience-title'),
    [
      el('p', { class: 'hint' }, message('audience-hint')),
      el('div', { class: 'field' }, el('label', { for: 'audience-search' }, message('audience-search')), search),
      list,
      sentence,
    ],
    [
      { action: 'set', label: message('audience-set') },
      ...(marked ? [{ action: 'remove', label: message('audience-remove'), kind: 'danger' as const }] : []),
    ],
  )
  frame.dialog.querySelector('form')?.addEventListener('submit', (event) => {
    const { only, except } = audience()
    if ((event.submitter as HTMLButtonElement | null)?.value !== 'set' || only.length || except.length || marked) return
    event.preventDefault()
    sentence.textContent = message('audience-nobody')
    search.focus()
  })
  search.focus()
  const action = await frame.closed
  if (action === 'remove') return 'remove'
  if (action !== 'set') return null
  const chosen = audience()
  if (chosen.only.length || chosen.except.length) return chosen
  return marked ? 'remove' : null
}

function row(entry: Entry, sides: Map<string, Side>, tell: () => void): HTMLElement {
  const id = `audience-${entry.entry.replace(/\W/g, '-')}`
  const select = el('select', { class: 'input', id })
  for (const side of ['', 'only', 'except'] as const) {
    const option = el('option', { value: side }, message(`side-${side || 'none'}`))
    option.selected = (sides.get(entry.entry) ?? '') === side
    select.append(option)
  }
  select.addEventListener('change', () => {
    sides.set(entry.entry, select.value as Side)
    tell()
  })
  const reach = entry.kind === 'member' ? null : el('span', { class: 'hint' }, plural('governments', entry.members.length))
  return el('li', {}, el('label', { for: id }, entry.label, ' ', reach), select)
}
