/** What a letter says, counted and copied. */

import type { Node as ProseNode } from '@tiptap/pm/model'

import { plainText, type DocNode, type Snapshot } from './letterDocument'
import { message } from './messages'
import type { Reader } from './reader'

/** As the server counts: runs between spaces, a field counts as one. */
export function countWords(doc: ProseNode): number {
  const text = doc.textBetween(0, doc.content.size, ' ', (leaf) => (leaf.type.name === 'mergeField' ? ' x ' : ' '))
  return text.split(/\s+/).filter(Boolean).length
}

/** Numbers of the talking points whose passages it has. */
export function pointsUsed(doc: ProseNode): Set<number> {
  const used = new Set<number>()
  doc.descendants((node) => {
    if (node.type.name === 'point') used.add(Number(node.attrs.number))
    return node.isBlock
  })
  return used
}

/** As a person would copy it. */
export function wordsOf({ subject, body }: Snapshot, reader: Reader): string {
  return `${subject}\n\n${plainText(body, (atom) => atomText(atom, reader))}`
}

function atomText(atom: DocNode, reader: Reader): string {
  if (atom.type === 'mergeField') return reader.value(String(atom.attrs?.key), String(atom.attrs?.fallback ?? '')).text
  if (atom.type === 'note') return ` [${String(atom.attrs?.text)}]`
  if (atom.type === 'citation') return ` [${reader.facts.get(String(atom.attrs?.fact))?.number ?? atom.attrs?.fact}]`
  return atom.type === 'signatories' ? message('signatories') : ''
}
