/** The letter document as the server stores it: ProseMirror JSON, without empty attributes. */

import { CARRIED } from './schema/fieldMarks'

export interface DocNode {
  type: string
  attrs?: Record<string, unknown>
  content?: DocNode[]
  marks?: { type: string; attrs?: Record<string, unknown> }[]
  text?: string
}

export interface Snapshot {
  subject: string
  body: DocNode
}

/** Drops empty attributes and containers, and attributes that are marks. */
export function normalise(node: DocNode): DocNode {
  const result: DocNode = { type: node.type }
  const attrs = filled(node.attrs, node.type === 'mergeField' ? CARRIED : [])
  if (attrs) result.attrs = attrs
  if (node.content?.length) result.content = node.content.map(normalise)
  if (node.marks?.length) {
    result.marks = node.marks.map((mark) => {
      const inner = filled(mark.attrs)
      return inner ? { type: mark.type, attrs: inner } : { type: mark.type }
    })
  }
  if (node.text !== undefined) result.text = node.text
  return result
}

function filled(attrs: Record<string, unknown> | undefined, but: string[] = []): Record<string, unknown> | undefined {
  const entries = Object.entries(attrs ?? {}).filter(([name, value]) => value !== null && value !== undefined && !but.includes(name))
  return entries.length ? Object.fromEntries(entries) : undefined
}

/** The plain text of a node. `name` returns the text of an atom. */
export function plainText(node: DocNode, name: (atom: DocNode) => string): string {
  if (node.text !== undefined) return node.text
  if (node.type === 'hardBreak') return '\n'
  if (!node.content) return name(node)
  const inline = ['paragraph', 'heading'].includes(node.type)
  return node.content.map((child) => plainText(child, name)).join(inline ? '' : '\n\n')
}
