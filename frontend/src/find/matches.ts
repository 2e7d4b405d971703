/** Words in the text of a letter and in its own notes. Fields, citations and line breaks are never part of a match. */

import type { Node as ProseNode } from '@tiptap/pm/model'

/** Where words begin and end. */
export interface Place {
  from: number
  to: number
}

/** In the text; or in a note of the letter's own, which stands from `from` to `to`. */
export interface Match extends Place {
  inNote?: Place
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
export function placesIn(text: string, query: string, exact: boolean): Place[] {
  const wanted = fold(query, exact).text
  const found: Place[] = []
  if (!wanted) return found
  const { text: plain, starts } = fold(text, exact)
  for (let at = plain.indexOf(wanted); at >= 0; at = plain.indexOf(wanted, at + wanted.length)) {
    found.push({ from: starts[at]!, to: starts[at + wanted.length]! })
  }
  return found
}

/** All of a letter, in reading order. */
export function findMatches(doc: ProseNode, query: string, exact: boolean): Match[] {
  const found: Match[] = []
  doc.descendants((node, pos) => {
    if (node.type.name === 'note') {
      for (const inNote of placesIn(String(node.attrs.text), query, exact)) found.push({ from: pos, to: pos + 1, inNote })
    }
    if (node.isTextblock) {
      for (const { from, to } of placesIn(textOf(node), query, exact)) found.push({ from: pos + 1 + from, to: pos + 1 + to })
    }
  })
  return found.sort((one, other) => one.from - other.from)
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
