/**
 * Words that a change took away which nobody had seen. Who makes a list of a paragraph, makes a heading of it or joins it
 * with another, puts a new block in its place in the shared document; what others type in the old one meanwhile goes with
 * it. Of the two windows, the one whose change the server stored last is told, and writes the words again.
 */

import * as Y from 'yjs'

import { newId } from '../schema/ids'
import { fromBase64 } from './base64'
import { blocksOf, HOLDS_PARAGRAPHS, insert, isAlive, placesOf, read, WITH_WORDS, type Block, type Character } from './blockWords'

/** As the server says it. `number`: of this window's update that took them away, or wrote them where the block was gone;
 * `before`: the document before it, where they are others' words. */
export interface Orphans {
  number: number
  ranges: [client: number, clock: number, length: number][]
  before: string
}

type Test = (one: Character) => boolean

export class OrphanedWords {
  private waiting: Orphans[] = []
  /** of these updates the orphans are written again */
  readonly rewritten: number[] = []
  /** blocks as they were before others deleted these words of this window in them */
  private readonly gone: { block: Block; isLost: Test }[] = []

  constructor(private readonly doc: Y.Doc, private readonly body: Y.XmlFragment) {
    doc.on('afterTransaction', (transaction: Y.Transaction) => {
      if (!transaction.local) this.gone.push(...blocksHit(transaction, doc.clientID))
    })
  }

  /** The server may say the same several times. */
  hear(orphaned: Orphans[]): void {
    const known = new Set([...this.rewritten, ...this.waiting.map(({ number }) => number)])
    this.waiting.push(...orphaned.filter(({ number }) => !known.has(number)))
  }

  /** Writes again what can be: the change that took the words away here may be still to come. */
  write(): void {
    this.waiting = this.waiting.filter(({ number, ranges, before }) => {
      if (!ranges.every((range) => this.isGone(range))) return true
      const isOrphan: Test = ({ client, clock }) => ranges.some(([owner, first, length]) => client === owner && clock >= first && clock < first + length)
      this.doc.transact(() => {
        for (const { block, isLost } of this.gone) this.restore(block, (one) => isOrphan(one) && isLost(one))
        for (const block of this.blocksBefore(before, isOrphan)) this.restore(block, isOrphan)
      })
      this.rewritten.push(number)
      return false
    })
  }

  private isGone([client, clock, length]: Orphans['ranges'][number]): boolean {
    const { store } = this.doc
    if (Y.getState(store, client) < clock + length) return false
    for (let at = clock; at < clock + length; ) {
      const { id, length: until, deleted } = Y.getItem(store, Y.createID(client, at))
      if (!deleted) return false
      at = id.clock + until
    }
    return true
  }

  private blocksBefore(state: string, isOrphan: Test): Block[] {
    if (!state) return []
    const doc = new Y.Doc()
    Y.applyUpdate(doc, fromBase64(state))
    const blocks = blocksOf(doc.getXmlFragment('body')).map((block) => read(block))
    return blocks.filter(({ characters }) => characters.some(isOrphan)).map((block) => ({ ...block, element: this.here(block.element) }))
  }

  /** The same block of this document, or what it was in. */
  private here(block: Y.XmlElement): Y.XmlElement {
    const { client, clock } = block._item!.id
    const { content } = clock < Y.getState(this.doc.store, client) ? Y.getItem(this.doc.store, block._item!.id) : {}
    return content instanceof Y.ContentType ? content.type as Y.XmlElement : this.here(block.parent as Y.XmlElement)
  }

  private restore(block: Block, isOrphan: Test): void {
    if (!block.characters.some(isOrphan)) return
    const target = isAlive(block.element) ? block.element : blocksOf(this.body).find((one) => one.getAttribute('id') === block.id)
    if (target) putBack(block, target, isOrphan)
    else putBeside(block, isOrphan)
  }
}

/** Blocks in which a change deleted words of this client, as they were before it. */
function blocksHit(transaction: Y.Transaction, client: number): { block: Block; isLost: Test }[] {
  const elements = new Set<Y.XmlElement>()
  Y.iterateDeletedStructs(transaction, transaction.deleteSet, (struct) => {
    let type = struct instanceof Y.Item && struct.id.client === client ? struct.parent : null
    while (type instanceof Y.AbstractType && !(type instanceof Y.XmlElement && WITH_WORDS.has(type.nodeName))) type = type.parent
    if (type instanceof Y.XmlElement) elements.add(type)
  })
  const { deleteSet } = transaction
  return [...elements].map((element) => ({
    block: read(element, (item) => !item.deleted || Y.isDeleted(deleteSet, item.id)),
    isLost: ({ client, clock }) => Y.isDeleted(deleteSet, Y.createID(client, clock)),
  }))
}

/** Into the block that stands for the old one: words behind those they stood behind. */
function putBack(block: Block, target: Y.XmlElement, isOrphan: Test): void {
  const now = read(target).characters
  const places = placesOf(block.characters.filter((one) => !isOrphan(one)), now)
  const missing: { place: number; run: Character[] }[] = []
  let kept = 0
  for (const run of runs(block.characters, isOrphan)) {
    if (isOrphan(run[0]!)) missing.push({ place: Math.max(-1, ...places.slice(0, kept)) + 1, run })
    else kept += run.length
  }
  for (const { place, run } of missing.reverse()) insert(target, now, place, run)
}

/** The block is gone, and no other stands for it: a paragraph of its own, where it was. */
function putBeside(block: Block, isOrphan: Test): void {
  const words = block.characters.filter(isOrphan)
  if (words.every(({ text }) => !text.trim())) return
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
  parent.insert(place, [paragraph])
  insert(paragraph, [], 0, words)
}

/** The characters in runs that are all orphans, or all kept. */
function runs(characters: Character[], isOrphan: Test): Character[][] {
  const found: Character[][] = []
  for (const one of characters) {
    const last = found.at(-1)
    if (last && isOrphan(last[0]!) === isOrphan(one)) last.push(one)
    else found.push([one])
  }
  return found
}
