/** The numbers of citations and notes, as apps/letters/document/resolution.py gives them. */

import type { Node as ProseNode } from '@tiptap/pm/model'

import type { Audience } from './commands'

/** What a note says: facts of one source, or the writer's own text, which stands at `pos`. */
export interface Noted {
  facts: string[]
  text?: string
  pos?: number
}

/** Of a fact: its source, and the place in it that a note prints. */
export interface Place {
  source?: string
  place?: string | number
}

export interface Numbering {
  /** what the notes say, in their order */
  order: Noted[]
  facts: Map<string, number>
  /** of the writer's own notes, by their position */
  own: Map<number, number>
}

/** By first appearance, one number however often a fact is cited. `gets`: whether a limited passage counts. */
export function numberNotes(doc: ProseNode, places: ReadonlyMap<string, Place>, gets: (limits: Audience) => boolean): Numbering {
  const found: Numbering = { order: [], facts: new Map(), own: new Map() }
  const begun = new Map<Noted, ProseNode>()
  let last: Noted | undefined
  doc.descendants((node, pos, parent) => {
    if (node.type.name === 'audience' && !gets(node.attrs as unknown as Audience)) return false
    if (node.type.name === 'note') {
      last = { facts: [], text: String(node.attrs.text), pos }
      found.own.set(pos, found.order.push(last))
    }
    if (node.type.name !== 'citation' || !parent) return true
    const fact = String(node.attrs.fact)
    const known = found.facts.get(fact)
    if (known) {
      last = found.order[known - 1]
    } else if (last && merges(fact, last, places, begun.get(last) === parent)) {
      last.facts.push(fact)
      found.facts.set(fact, found.order.indexOf(last) + 1)
    } else {
      last = { facts: [fact] }
      begun.set(last, parent)
      found.facts.set(fact, found.order.push(last))
    }
    return true
  })
  return found
}

/** Whether a note on the same source says the same, or begins `here`, in the same paragraph, and names each place. */
function merges(fact: string, before: Noted, places: ReadonlyMap<string, Place>, here: boolean): boolean {
  const own = places.get(fact)
  const others = before.facts.map((key) => places.get(key))
  if (!own?.source || !others.length || others.some((other) => other?.source !== own.source)) return false
  return others.every((other) => other?.place === own.place) || (here && [own, ...others].every((one) => one?.place))
}
