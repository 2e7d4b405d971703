/** Choosing a fact to cite, and looking at one that is cited. */

import type { Editor } from '@tiptap/core'

import { insertAtom, nearest, removeAt, setAttributes } from '../commands'
import { el, statusLabel, symbolLabel } from '../dom'
import { doubts, type Fact, type Reader, type Since } from '../reader'
import { message } from '../messages'
import { choose } from './choose'
import { openDialog } from './dialog'

/** Facts and points are written in it. */
export const EVIDENCE_LANGUAGE = 'en'
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

/** The same as a symbol, for a line; a word of caution counts whatever the standing. */
export function standingMark(fact: Fact): HTMLElement {
  const [tone, symbol] = (fact.caution ? TONES.caution : TONES[fact.verification]) ?? ['idle', 'doubt']
  return symbolLabel(tone, symbol, message(fact.caution ? 'fact-caution' : `fact-${fact.verification}`))
}

/** With `instead`, the other facts of its point come first. */
export async function chooseFact(reader: Reader, title: string, instead?: Fact): Promise<string | null> {
  const choices = (facts: Iterable<Fact>) =>
    [...facts]
      .filter((fact) => !fact.retired)
      .map((fact) => ({
        value: fact.key,
        label: `${fact.number} ${fact.statement}`,
        detail: fact.caution ? `${fact.caution} ${fact.citation}` : fact.citation,
        mark: standing(fact),
      }))
  const point = instead && /^\d+\./.exec(instead.number)?.[0]
  const near = point ? ((await reader.search(point.slice(0, -1))) ?? []).filter((fact) => fact.number.startsWith(point)) : []
  const facts = new Map([...near, ...reader.facts.values()].map((fact) => [fact.key, fact]))
  if (instead) facts.delete(instead.key)
  return choose(title, message('fact-search'), choices(facts.values()), async (typed) => {
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

/** Tells the server that the text cites the fact as it is now; "" or why not. */
export type UpdateFact = (fact: Fact) => Promise<string>

/** With `update`, a fact that has changed can be taken as it is now. `trouble`: why that failed just now. */
export async function editCitation(editor: Editor, reader: Reader, pos: number, update?: UpdateFact | null, trouble = ''): Promise<void> {
  const node = editor.state.doc.nodeAt(pos)
  if (node?.type.name !== 'citation') return
  const key = String(node.attrs.fact)
  const fact = reader.facts.get(key)
  const updated = (update && fact?.changed && !fact.retired && fact) || null
  const quoted = updated && wordsBefore(editor, pos, updated)
  const frame = openDialog(
    message('citation-of', { n: fact?.number ?? key }),
    [...(trouble ? [el('p', { class: 'notice error', role: 'alert' }, trouble)] : []), ...(fact ? about(fact) : [el('p', {}, message('fact-gone'))])],
    [
      ...(quoted ? [{ action: 'take', label: message('citation-take') }] : []),
      ...(updated ? [{ action: 'update', label: message('citation-update'), ...(quoted ? { kind: 'second' as const } : {}) }] : []),
      { action: 'replace', label: message('citation-replace'), ...(fact?.retired ? {} : { kind: 'second' as const }) },
      { action: 'remove', label: message('citation-remove'), kind: 'danger' },
    ],
  )
  const action = await frame.closed
  const now = nearest(editor, node, pos) // others may have written meanwhile
  if (action === 'remove') removeAt(editor, now)
  if (action === 'replace') {
    const other = await chooseFact(reader, message('citation-replace'), fact)
    if (other) setAttributes(editor, nearest(editor, node, now), { fact: other })
  }
  if (updated && (action === 'take' || action === 'update')) {
    if (action === 'take') takeWords(editor, updated)
    const error = await update?.(updated)
    if (error) return editCitation(editor, reader, nearest(editor, node, now), update, error)
  }
  editor.commands.focus()
}

/** What the fact says, how sure it is, and what has changed since it was cited, with the reasons. */
function about(fact: Fact): HTMLElement[] {
  const since = fact.changed || fact.retired ? fact.since : null
  return [
    el('p', { class: 'serif', lang: EVIDENCE_LANGUAGE }, fact.statement),
    el('p', {}, standing(fact)),
    ...doubts(fact).filter((words) => words !== message('fact-unverified')).map((words) => el('p', { class: 'notice warning' }, words)),
    ...(since ? [el('div', { class: 'notice' }, ...since.differences.map(difference), ...since.reasons.map((why) => el('p', { class: 'hint' }, why)))] : []),
    el('p', { class: 'hint' }, fact.citation),
  ]
}

function difference([label, before, after]: Since['differences'][number]): HTMLElement {
  return el('p', {}, `${label}: `, before && el('del', {}, before), ' ', after && el('ins', {}, after))
}

/** Where the words that the fact had stand right before its citation; null where they do not. */
function wordsBefore(editor: Editor, pos: number, fact: Fact): { from: number; to: number } | null {
  const words = fact.since?.statement
  if (!words || words === fact.statement) return null
  const place = editor.state.doc.resolve(pos)
  const before = place.parent.textBetween(0, place.parentOffset, '', '\uFFFC').trimEnd()
  const to = place.start() + before.length
  return before.endsWith(words) ? { from: to - words.length, to } : null
}

/** Puts the new words in place of the old ones, wherever those stand right before a citation of the fact. */
function takeWords(editor: Editor, fact: Fact): void {
  const cited: number[] = []
  editor.state.doc.descendants((node, pos) => {
    if (node.type.name === 'citation' && node.attrs.fact === fact.key) cited.unshift(pos) // the last first
  })
  const transaction = editor.state.tr
  for (const pos of cited) {
    const place = wordsBefore(editor, pos, fact)
    if (place) transaction.insertText(fact.statement, place.from, place.to)
  }
  editor.view.dispatch(transaction)
}
