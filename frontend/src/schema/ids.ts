/** Stable block ids: kept while a text is edited, new for blocks that are split off or pasted twice. What merging does to
 * them is repaired in `live/blockIds.ts`. */

import { Extension } from '@tiptap/core'
import type { Node as ProseNode } from '@tiptap/pm/model'
import { Plugin, PluginKey, type Transaction } from '@tiptap/pm/state'

import { isFromElsewhere } from '../live/origin'

export const BLOCKS = [
  'paragraph', 'heading', 'orderedList', 'bulletList', 'blockquote', 'audience', 'point', 'signatories',
]
const FORM = /^b[a-z0-9]{8}$/
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'

export function isId(text: string): boolean {
  return FORM.test(text)
}

/** "b" and eight of a–z and 0–9. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8))
  return `b${Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join('')}`
}

export const BlockIds = Extension.create({
  name: 'blockIds',

  addGlobalAttributes() {
    return [
      {
        types: BLOCKS,
        attributes: {
          id: {
            default: null,
            keepOnSplit: false,
            parseHTML: (element) => {
              const id = element.getAttribute('data-id') ?? ''
              return isId(id) ? id : null
            },
            renderHTML: ({ id }: { id?: string | null }) => (id ? { 'data-id': id } : {}),
          },
        },
      },
    ]
  },

  addProseMirrorPlugins() {
    return [
      new Plugin({
        key: new PluginKey('blockIds'),
        appendTransaction: (transactions, _old, state) =>
          transactions.some((one) => one.docChanged && !isFromElsewhere(one)) ? repaired(state.tr, touched(transactions)) : null,
      }),
    ]
  },
})

/** The ranges of the new document that these transactions wrote. */
function touched(transactions: readonly Transaction[]): [number, number][] {
  const ranges: [number, number][] = []
  transactions.forEach((transaction, index) => {
    transaction.mapping.maps.forEach((map, step) => {
      map.forEach((_from, _to, from, to) => {
        let [start, end] = [from, to]
        for (const later of transaction.mapping.maps.slice(step + 1)) [start, end] = [later.map(start, -1), later.map(end, 1)]
        for (const next of transactions.slice(index + 1)) [start, end] = [next.mapping.map(start, -1), next.mapping.map(end, 1)]
        ranges.push([start, end])
      })
    })
  })
  return ranges
}

/** Gives a new id to every block without one, or with the id of an older block. Null if nothing changes. */
function repaired(transaction: Transaction, written: [number, number][]): Transaction | null {
  const seen = new Map<string, { pos: number; node: ProseNode }[]>()
  transaction.doc.descendants((node, pos) => {
    if (!BLOCKS.includes(node.type.name)) return node.isBlock
    const id = (node.attrs.id as string | null) ?? ''
    seen.set(id, [...(seen.get(id) ?? []), { pos, node }])
    return true
  })
  const isNew = (pos: number) => written.some(([from, to]) => pos >= from && pos < to)
  for (const [id, blocks] of seen) {
    const keeper = id ? (blocks.find((block) => !isNew(block.pos)) ?? blocks[0]) : undefined
    for (const block of blocks) {
      if (block !== keeper) transaction.setNodeAttribute(block.pos, 'id', newId())
    }
  }
  return transaction.docChanged ? transaction : null
}
