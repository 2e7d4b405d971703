/**
 * Ids of blocks after texts were merged. Two people who move the same block, or undo its deletion, at the same time
 * leave two blocks with one id. Where both say the same, the later one goes. Otherwise every window gives the later one
 * the same new id, computed from the block's own place in the shared document, so that nobody has to be asked and no
 * repair is ever repaired.
 */

import { ySyncPluginKey } from '@tiptap/y-tiptap'
import * as Y from 'yjs'

import { BLOCKS, isId } from '../schema/ids'

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** Repairs now, and after every change but those that the editor made, which sees to its own ids. */
export function keepIdsUnique(doc: Y.Doc, body: Y.XmlFragment, mayRepair: () => boolean): void {
  const repair = () => {
    if (mayRepair()) repairIds(doc, body)
  }
  doc.on('afterTransaction', (transaction: Y.Transaction) => {
    if (transaction.origin === ySyncPluginKey || transaction.origin === repairIds) return
    queueMicrotask(repair)
  })
  repair()
}

export function repairIds(doc: Y.Doc, body: Y.XmlFragment): void {
  const seen = new Map<string, Y.XmlElement[]>()
  for (const block of blocks(body)) {
    const id = (block.getAttribute('id') as string | undefined) ?? ''
    const known = isId(id) ? id : ''
    seen.set(known, [...(seen.get(known) ?? []), block])
  }
  const twins: Y.XmlElement[] = []
  const wrong = [...seen].flatMap(([id, same]) => {
    if (!id) return same
    const keeper = same.find((block) => derivedId(block) === id) ?? same[0]!
    const others = same.filter((block) => block !== keeper)
    twins.push(...others.filter((block) => isTwin(block, keeper)))
    return others.filter((block) => !twins.includes(block))
  })
  if (!wrong.length && !twins.length) return
  doc.transact((transaction) => {
    transaction.meta.set('addToHistory', false)
    for (const block of wrong) block.setAttribute('id', derivedId(block))
    for (const block of twins) remove(block)
  }, repairIds)
}

/** Whether two people put the same words in the place of one block, each in a form of their own. */
function isTwin(block: Y.XmlElement, keeper: Y.XmlElement): boolean {
  const words = (one: Y.XmlElement) => one.toArray().map(String).join('')
  const isAlone = !(block.parent instanceof Y.XmlElement) || block.parent.nodeName !== 'listItem' || block.parent.length === 1
  return isAlone && block._item!.id.client !== keeper._item!.id.client && words(block).trim() !== '' && words(block) === words(keeper)
}

/** With what is empty without it. */
function remove(block: Y.XmlElement): void {
  const { parent } = block
  if (block._item!.deleted || !(parent instanceof Y.XmlElement || parent instanceof Y.XmlFragment)) return
  if (parent instanceof Y.XmlElement && parent.length === 1) return remove(parent)
  parent.delete(parent.toArray().indexOf(block), 1)
}

function blocks(parent: Y.XmlFragment | Y.XmlElement): Y.XmlElement[] {
  const inner = parent.toArray().filter((child): child is Y.XmlElement => child instanceof Y.XmlElement)
  return inner.flatMap((child) => [...(BLOCKS.includes(child.nodeName) ? [child] : []), ...blocks(child)])
}

/** "b" and eight of a–z and 0–9, the same in every window: FNV-1a over who made the block and when, twice. */
function derivedId(block: Y.XmlElement): string {
  const { client, clock } = block._item!.id
  let id = 'b'
  for (const salt of ['a', 'b']) {
    let hash = 0x811c9dc5
    for (const character of `${salt}${client}:${clock}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0
    for (let place = 0; place < 4; place += 1) {
      id += LETTERS[hash % 36]
      hash = Math.floor(hash / 36)
    }
  }
  return id
}
