/** Choosing a fact to cite, and looking at one that is cited. */

import type { Editor } from '@tiptap/core'

import { insertAtom, removeAt, setAttributes } from '../commands'
import { el, statusLabel } from '../dom'
import { doubts, type Fact, type Reader } from '../reader'
import { message } from '../messages'
import { choose } from './choose'
import { openDialog } from './dialog'

const TONES: Record<string, [tone: string, symbol: string]> = {
  verified: ['ok', 'ok'],
  consistent: ['ok', 'half'],
  unverified: ['idle', 'doubt'],
  caution: ['warn', 'warn'],
}

/** "Confirmed", "Agrees", "Not checked", "Caution": a fact's standing, with its icon. */
export function standing(fact: Fact): HTMLElement {
  const [tone, symbol] = TONES[fact.verification] ?? ['idle', 'doubt']
  return statusLabel(tone, symbol, message(`fact-${fact.verification}`))
}

export function chooseFact(reader: Reader, title: string): Promise<string | null> {
  const choices = (facts: Iterable<Fact>) =>
    [...facts]
      .filter((fact) => !fact.retired)
      .map((fact) => ({
        value: fact.key,
        label: `${fact.number} ${fact.statement}`,
        detail: fact.caution ? `${fact.caution} ${fact.citation}` : fact.citation,
        mark: standing(fact),
      }))
  return choose(title, message('fact-search'), choices(reader.facts.values()), async (typed) => {
    const found = await reader.search(typed)
    return found && choices(found)
  })
}

/** True if a citation was inserted. */
export async function pickCitation(editor: Editor, reader: Reader): Promise<boolean> {
  const fact = await chooseFact(reader, message('citation-title'))
  if (fact) insertAtom(editor, 'citation', { fact })
  return fact !== null
}

export async function editCitation(editor: Editor, reader: Reader, pos: number): Promise<void> {
  const node = editor.state.doc.nodeAt(pos)
  if (node?.type.name !== 'citation') return
  const key = String(node.attrs.fact)
  const fact = reader.facts.get(key)
  const frame = openDialog(
    message('citation-of', { n: fact?.number ?? key }),
    fact
      ? [
          el('p', { class: 'serif' }, fact.statement),
          el('p', {}, standing(fact)),
          ...doubts(fact).filter((words) => words !== message('fact-unverified')).map((words) => el('p', { class: 'notice warning' }, words)),
          el('p', { class: 'hint' }, fact.citation),
        ]
      : [el('p', {}, message('fact-gone'))],
    [
      { action: 'replace', label: message('citation-replace'), kind: 'second' },
      { action: 'remove', label: message('citation-remove'), kind: 'danger' },
    ],
  )
  const action = await frame.closed
  if (action === 'remove') removeAt(editor, pos)
  if (action === 'replace') {
    const other = await chooseFact(reader, message('citation-replace'))
    if (other) setAttributes(editor, pos, { fact: other })
  }
  editor.commands.focus()
}
