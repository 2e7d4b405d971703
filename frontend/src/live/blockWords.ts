/** The words of a block of the shared document, character by character: reading them, also as they were, and writing some in. */

import * as Y from 'yjs'

export const WITH_WORDS = new Set(['paragraph', 'heading'])
export const HOLDS_PARAGRAPHS = new Set(['blockquote', 'audience', 'point', 'listItem'])
/** Larger differences are compared by their beginnings and ends only. */
const COMPARED_AT_MOST = 2_000

export interface Character {
  text: string
  /** its number among what its author typed */
  client: number
  clock: number
  marks: Record<string, object>
  /** the text it is in; of a field or a citation: itself */
  within: Y.XmlText | Y.XmlElement
}

export interface Block {
  element: Y.XmlElement
  id: string
  characters: Character[]
}

/** All blocks that hold words. */
export function blocksOf(parent: Y.XmlFragment | Y.XmlElement): Y.XmlElement[] {
  const inner = parent.toArray().filter((child): child is Y.XmlElement => child instanceof Y.XmlElement)
  return inner.flatMap((child) => (WITH_WORDS.has(child.nodeName) ? [child] : blocksOf(child)))
}

export function isAlive(element: Y.XmlElement): boolean {
  return element._item !== null && !element._item.deleted
}

export function read(element: Y.XmlElement, isThere = (item: Y.Item) => !item.deleted): Block {
  const characters: Character[] = []
  for (let item = element._start; item; item = item.right) {
    if (!isThere(item) || !(item.content instanceof Y.ContentType)) continue
    const { type } = item.content
    if (type instanceof Y.XmlText) characters.push(...charactersOf(type, isThere))
    else if (type instanceof Y.XmlElement) characters.push({ text: '\ufffc', ...item.id, marks: {}, within: type })
  }
  return { element, id: String(attributesOf(element).id ?? ''), characters }
}

function charactersOf(within: Y.XmlText, isThere: (item: Y.Item) => boolean): Character[] {
  const found: Character[] = []
  let marks: Character['marks'] = {}
  for (let item = within._start; item; item = item.right) {
    if (!isThere(item)) continue
    if (item.content instanceof Y.ContentFormat) marks = { ...marks, [item.content.key]: item.content.value }
    if (!(item.content instanceof Y.ContentString)) continue
    let { client, clock } = item.id
    for (const text of item.content.str) {
      found.push({ text, client, clock, marks, within })
      clock += text.length
    }
  }
  return found
}

/** Also of one that was deleted. */
function attributesOf(element: Y.XmlElement): Record<string, string> {
  return Object.fromEntries([...element._map].map(([name, { content }]) => [name, content.getContent().at(-1) as string]))
}

/** Before the character at this place: into the text that the one before it is in, or it is. */
export function insert(target: Y.XmlElement, now: Character[], place: number, characters: Character[]): void {
  const within = [now[place - 1]?.within, now[place]?.within].find((one) => one instanceof Y.XmlText)
  const offset = now.slice(0, place).filter((one) => one.within === within).reduce((length, { text }) => length + text.length, 0)
  const index = new Set(now.slice(0, place).map((one) => one.within)).size
  for (const part of parts(characters).reverse()) {
    const { text, marks, within: old } = part[0]!
    const words = part.length > 1 ? part.map((one) => one.text).join('') : text
    if (old instanceof Y.XmlText && within) within.insert(offset, words, marks)
    else if (old instanceof Y.XmlText) target.insert(index, [withWords(new Y.XmlText(), words, marks)])
    else target.insert(within ? split(target, within, offset) : index, [copy(old)])
  }
}

/** Words with the same marks, or one field. */
function parts(characters: Character[]): Character[][] {
  const found: Character[][] = []
  for (const one of characters) {
    const last = found.at(-1)
    if (last?.[0]!.within instanceof Y.XmlText && one.within instanceof Y.XmlText && last[0]!.marks === one.marks) last.push(one)
    else found.push([one])
  }
  return found
}

function withWords(text: Y.XmlText, words: string, marks: Character['marks']): Y.XmlText {
  text.insert(0, words, marks)
  return text
}

function copy(element: Y.XmlElement): Y.XmlElement {
  const made = new Y.XmlElement(element.nodeName)
  for (const [name, value] of Object.entries(attributesOf(element))) made.setAttribute(name, value)
  return made
}

/** Makes two texts of one. Returns where the second is in the block. */
function split(target: Y.XmlElement, text: Y.XmlText, offset: number): number {
  const index = target.toArray().indexOf(text) + 1
  const behind = new Y.XmlText()
  let at = 0
  const delta = (text.toDelta() as { insert: string }[]).flatMap((part) => {
    const rest = part.insert.slice(Math.max(0, offset - at))
    at += part.insert.length
    return rest ? [{ ...part, insert: rest }] : []
  })
  if (!delta.length) return index
  behind.applyDelta(delta)
  text.delete(offset, text.length - offset)
  target.insert(index, [behind])
  return index
}

/** Where each of these characters is among the others, in order; -1 of those that are not there. */
export function placesOf(characters: Character[], others: Character[]): number[] {
  const [before, after] = [characters, others].map((all) => all.map(({ text }) => text)) as [string[], string[]]
  const places = before.map(() => -1)
  let start = 0
  while (start < before.length && before[start] === after[start]) places[start] = start++
  let end = 0
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) {
    end += 1
    places[before.length - end] = after.length - end
  }
  const [left, right] = [before.slice(start, before.length - end), after.slice(start, after.length - end)]
  if (!left.length || !right.length || left.length > COMPARED_AT_MOST || right.length > COMPARED_AT_MOST) return places
  const width = right.length + 1
  const longest = new Uint16Array((left.length + 1) * width) // of what begins at the two places
  for (let row = left.length - 1; row >= 0; row -= 1) {
    for (let column = right.length - 1; column >= 0; column -= 1) {
      const at = row * width + column
      longest[at] = left[row] === right[column] ? longest[at + width + 1]! + 1 : Math.max(longest[at + width]!, longest[at + 1]!)
    }
  }
  for (let row = 0, column = 0; row < left.length && column < right.length; ) {
    const at = row * width + column
    if (left[row] === right[column]) places[start + row++] = start + column++
    else if (longest[at + width]! >= longest[at + 1]!) row += 1
    else column += 1
  }
  return places
}
