/** Choosing a fact to cite, and looking at one that is cited. */

import type { Editor } from '@tiptap/core'

import { insertAtom, removeAt, setAttributes } from '../commands'
import { el, state } from '../dom'
import { doubts, type Fact, type Reader } from '../reader'
import { say } from '../words'
import { choose } from './choose'
import { openDialog } from './dialog'

const TONES: Record<string, [tone: string, symbol: string]> = {
  verified: ['ok', 'ok'],
  consistent: ['ok', 'half'],
  unverified: ['idle', 'doubt'],
  caution: ['warn', 'warn'],
}

/** "Confirmed", "Agrees", "Not checked", "Caution": a fact's standing, with its glyph. */
export function standing(fact: Fact): HTMLElement {
  const [tone, symbol] = TONES[fact.verification] ?? ['idle', 'doubt']
  return state(tone, symbol, say(`fact-${fact.verification}`))
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
  return choose(title, say('fact-search'), choices(reader.facts.values()), async (typed) => {
    const found = await reader.search(typed)
    return found && choices(found)
  })
}

/** True where a citation was inserted. */
export async function pickCitation(editor: Editor, reader: Reader): Promise<boolean> {
  const fact = await chooseFact(reader, say('citation-title'))
  if (fact) insertAtom(editor, 'citation', { fact })
  return fact !== null
}

export async function editCitation(editor: Editor, reader: Reader, pos: number): Promise<void> {
  const node = editor.state.doc.nodeAt(pos)
  if (node?.type.name !== 'citation') return
  const key = String(node.attrs.fact)
  const fact = reader.facts.get(key)
  const frame = openDialog(
    say('citation-of', { n: fact?.number ?? key }),
    fact
      ? [
          el('p', { class: 'doc' }, fact.statement),
          el('p', {}, standing(fact)),
          ...doubts(fact).map((words) => el('p', { class: 'notice warn' }, words)),
          ...(fact.caution && fact.verification !== 'caution' ? [el('p', { class: 'notice warn' }, fact.caution)] : []),
          el('p', { class: 'hint' }, fact.citation),
        ]
      : [el('p', {}, say('fact-gone'))],
    [
      { act: 'replace', label: say('citation-replace'), kind: 'second' },
      { act: 'remove', label: say('citation-remove'), kind: 'danger' },
    ],
  )
  const act = await frame.closed
  if (act === 'remove') removeAt(editor, pos)
  if (act === 'replace') {
    const other = await chooseFact(reader, say('citation-replace'))
    if (other) setAttributes(editor, pos, { fact: other })
  }
  editor.commands.focus()
}
