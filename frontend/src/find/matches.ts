/** Words in the text of a letter. Fields, citations and line breaks are never part of a match. */

import type { Node as ProseNode } from '@tiptap/pm/model'

export interface Match {
  from: number
  to: number
}

interface Folded {
  text: string
  /** where each character of `text` begins in the original, and where the last one ends */
  starts: number[]
}

/** Arabic stretches words with this character, which is not a letter. */
const TATWEEL = 'ـ'
/** Stands for a field or a citation. It is in no query. */
const ATOM = '￼'

/** Every place where `query` stands. Unless `exact`: without regard to capitals, accents and Arabic vowel signs. */
export function findMatches(doc: ProseNode, query: string, exact: boolean): Match[] {
  const wanted = fold(query, exact).text
  const found: Match[] = []
  if (!wanted) return found
  doc.descendants((node, pos) => {
    if (!node.isTextblock) return true
    const { text, starts } = fold(textOf(node), exact)
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      found.push({ from: pos + 1 + starts[at]!, to: pos + 1 + starts[at + wanted.length]! })
    }
    return false
  })
  return found
}

/** As many characters as the block has positions. */
function textOf(block: ProseNode): string {
  let text = ''
  block.forEach((node) => {
    text += node.isText ? node.text : ATOM.repeat(node.nodeSize)
  })
  return text
}

function fold(given: string, exact: boolean): Folded {
  let text = ''
  const starts: number[] = []
  let at = 0
  for (const character of given) {
    const plain = exact ? character : character.normalize('NFD').replace(/\p{M}/gu, '').replace(TATWEEL, '').toLowerCase()
    for (let index = 0; index < plain.length; index += 1) starts.push(at)
    text += plain
    at += character.length
  }
  starts.push(at)
  return { text, starts }
}
