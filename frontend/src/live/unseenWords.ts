/**
 * Words that a change would take away which nobody had seen. Who makes a list of a paragraph, makes a heading of it or
 * joins it with another, puts a new block in its place in the shared document; what others type in the old one meanwhile
 * goes with it. Of the two windows, the one whose change reaches the server last knows it, and writes the words again.
 */

import * as Y from 'yjs'

import { newId } from '../schema/ids'
import type { Entry } from './unsent'

/** Larger differences are compared by their beginnings and ends only. */
const COMPARED_AT_MOST = 2_000
const ATOM: Character = { text: '\ufffc', client: -1, clock: -1, within: null }
const WITH_WORDS = new Set(['paragraph', 'heading'])
const HOLDS_PARAGRAPHS = new Set(['blockquote', 'audience', 'listItem'])

interface Character {
  text: string
  /** its number among what its author typed */
  client: number
  clock: number
  within: Y.XmlText | null
}

interface Block {
  element: Y.XmlElement
  id: string
  characters: Character[]
}

/** So long after the server has words, somebody may still not have seen them. */
const UNSEEN_FOR = 3_000
const UNSENT = Infinity

export class UnseenWords {
  /** up to which number of the server's all changes have come in */
  private heard = 0
  /** numbers of what was done here that came back before others' with lower numbers */
  private readonly ahead = new Set<number>()
  /** what was typed here up to `clock` has this number on the server */
  private own = [{ clock: 0, number: 0, at: 0 }]
  /** blocks that were taken away here: how much had been done here by then, and the number of that change */
  private readonly taken = new Map<Y.XmlElement, { clock: number; number: number }>()

  constructor(private readonly doc: Y.Doc, private readonly body: Y.XmlFragment) {
    doc.on('afterTransaction', (transaction: Y.Transaction) => {
      if (!transaction.local) return
      Y.iterateDeletedStructs(transaction, transaction.deleteSet, (struct) => {
        const type = struct instanceof Y.Item && struct.content instanceof Y.ContentType ? struct.content.type : null
        if (type instanceof Y.XmlElement && WITH_WORDS.has(type.nodeName)) this.taken.set(type, { clock: this.clock(doc.clientID), number: UNSENT })
      })
    })
  }

  /** The server has these changes under this number; `more`: but not all that was done here. */
  acknowledge(entries: Entry[], more: boolean, number: number): void {
    const me = this.doc.clientID
    const clock = more ? Math.max(0, ...entries.map(({ update }) => Y.parseUpdateMeta(update).to.get(me) ?? 0)) : this.clock(me)
    this.ahead.add(number)
    this.hear(this.heard)
    if (clock > this.own.at(-1)!.clock) this.own.push({ clock, number, at: Date.now() })
    for (const one of this.taken.values()) if (one.number === UNSENT && (!more || one.clock <= clock)) one.number = number
  }

  /** Takes in what others did up to this number, and writes again what was lost by it. */
  apply(update: Uint8Array, origin: unknown, number: number | null): void {
    const me = this.doc.clientID
    while (this.own.length > 1 && (this.own[1]!.number <= this.heard || this.own[1]!.at < Date.now() - UNSEEN_FOR)) this.own.shift()
    const unseen = this.own[0]!.clock
    const hasTyped = this.clock(me) > unseen
    const own = hasTyped ? blocksOf(this.body).map(read).filter(({ characters }) => characters.some((one) => one.client === me && one.clock >= unseen)) : []
    const known = Y.decodeStateVector(Y.encodeStateVector(this.doc))
    Y.applyUpdate(this.doc, update, origin)
    for (const block of own) this.restore(block, (one) => one.client === me && one.clock >= unseen && one.within?._item?.deleted === true)
    const { clients } = Y.decodeUpdate(update).ds
    const isErased = (one: Character) => clients.get(one.client)?.some(({ clock, len }) => one.clock >= clock && one.clock < clock + len)
    for (const [element, taken] of this.taken) {
      if (taken.number <= (number ?? this.heard)) this.taken.delete(element) // the others' windows act
      else this.restore(readAll(element), (one) => one.client !== me && one.clock >= (known.get(one.client) ?? 0) && !isErased(one))
    }
    this.hear(Math.max(this.heard, number ?? 0))
  }

  /** All up to this number came in, and what was done here right after it. */
  private hear(number: number): void {
    this.heard = number
    while (this.ahead.has(this.heard + 1)) this.heard += 1
    for (const one of this.ahead) if (one <= this.heard) this.ahead.delete(one)
  }

  private restore(block: Block, isGone: (one: Character) => boolean): void {
    if (!block.characters.some(isGone)) return
    const target = isAlive(block.element) ? block.element : blocksOf(this.body).find((one) => one.getAttribute('id') === block.id)
    this.doc.transact(() => {
      if (target) putBack(block, target, isGone)
      else putBeside(block, isGone)
    })
  }

  private clock(client: number): number {
    return Y.decodeStateVector(Y.encodeStateVector(this.doc)).get(client) ?? 0
  }
}

function read(element: Y.XmlElement): Block {
  const children = element.toArray().map((child) => (child instanceof Y.XmlText ? child : null))
  return { element, id: idOf(element), characters: children.flatMap((text) => (text ? charactersOf(text, false) : [ATOM])) }
}

/** With what was deleted. */
function readAll(element: Y.XmlElement): Block {
  const characters: Character[] = []
  for (let item = element._start; item; item = item.right) {
    const type = item.content instanceof Y.ContentType ? item.content.type : null
    if (type instanceof Y.XmlText) characters.push(...charactersOf(type, true))
  }
  return { element, id: idOf(element), characters }
}

function charactersOf(within: Y.XmlText, withDeleted: boolean): Character[] {
  const found: Character[] = []
  for (let item = within._start; item; item = item.right) {
    if ((item.deleted && !withDeleted) || !(item.content instanceof Y.ContentString)) continue
    let { client, clock } = item.id
    for (const text of item.content.str) {
      found.push({ text, client, clock, within })
      clock += text.length
    }
  }
  return found
}

/** Also of a block that was deleted. */
function idOf(element: Y.XmlElement): string {
  const [said] = element._map.get('id')?.content.getContent() ?? []
  return typeof said === 'string' ? said : ''
}

/** Into the block that stands for the old one: words behind those they stood behind, unless they are there. */
function putBack(block: Block, target: Y.XmlElement, isGone: (one: Character) => boolean): void {
  const now = read(target).characters
  const kept = block.characters.filter((one) => !isGone(one))
  const places = matched(kept.map(({ text }) => text), now.map(({ text }) => text))
  const missing: { place: number; words: string }[] = []
  let known = 0 // of the characters that are kept
  for (const run of runs(block.characters, isGone)) {
    if (!isGone(run[0]!)) {
      known += run.length
      continue
    }
    const from = (places.slice(0, known).filter((place) => place >= 0).at(-1) ?? -1) + 1
    const until = places.slice(known).find((place) => place >= 0) ?? now.length
    const there = seen(run.map(({ text }) => text), now.slice(from, until).map(({ text }) => text))
    missing.push({ place: from + there.until, words: run.slice(there.length).map(({ text }) => text).join('') })
  }
  for (const { place, words } of missing.reverse()) if (words) insert(target, now, place, words)
}

/** The block is gone, and no other stands for it: a paragraph of its own, where it was. */
function putBeside(block: Block, isGone: (one: Character) => boolean): void {
  const words = block.characters.filter(isGone).map(({ text }) => text).join('').trim()
  if (!words) return
  let item = block.element._item
  let parent = item?.parent as Y.XmlElement | Y.XmlFragment | undefined
  while (item && parent instanceof Y.XmlElement && !(isAlive(parent) && HOLDS_PARAGRAPHS.has(parent.nodeName))) {
    item = parent._item
    parent = item?.parent as Y.XmlElement | Y.XmlFragment | undefined
  }
  if (!parent) return
  let place = 0
  for (let left = item?.left ?? null; left; left = left.left) if (!left.deleted && left.countable) place += left.length
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.setAttribute('id', newId())
  paragraph.insert(0, [new Y.XmlText(words)])
  parent.insert(place, [paragraph])
}

function isAlive(element: Y.XmlElement): boolean {
  return element._item !== null && !element._item.deleted
}

/** Those that hold words. */
function blocksOf(parent: Y.XmlFragment | Y.XmlElement): Y.XmlElement[] {
  const inner = parent.toArray().filter((child): child is Y.XmlElement => child instanceof Y.XmlElement)
  return inner.flatMap((child) => (WITH_WORDS.has(child.nodeName) ? [child] : blocksOf(child)))
}

/** Before the character at this place, in the text that it or the one before it is in. */
function insert(target: Y.XmlElement, now: Character[], place: number, words: string): void {
  const within = now[place - 1]?.within ?? now[place]?.within
  if (!within) {
    const text = new Y.XmlText(words)
    target.insert(now.slice(0, place).reduce((children, one, at) => children + (one.within === null || one.within !== now[at - 1]?.within ? 1 : 0), 0), [text])
    return
  }
  const offset = now.slice(0, place).filter((one) => one.within === within).reduce((length, { text }) => length + text.length, 0)
  within.insert(offset, words)
}

/** The characters in runs that are all gone, or all kept. */
function runs(characters: Character[], isGone: (one: Character) => boolean): Character[][] {
  const found: Character[][] = []
  for (const one of characters) {
    const last = found.at(-1)
    if (last && isGone(last[0]!) === isGone(one)) last.push(one)
    else found.push([one])
  }
  return found
}

/** How much of the beginning of these words the others had seen and took over, and where that ends. */
function seen(words: string[], there: string[]): { length: number; until: number } {
  for (let length = words.length; length > 0; length -= 1) {
    const at = there.join('').indexOf(words.slice(0, length).join(''))
    const whole = length === words.length || length === there.length
    if (at >= 0 && (whole || length > 2)) return { length, until: [...there.join('').slice(0, at)].length + length }
  }
  return { length: 0, until: 0 }
}

/** Where each of these characters is among the others, in order; -1 of those that are not there. */
function matched(before: string[], after: string[]): number[] {
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
