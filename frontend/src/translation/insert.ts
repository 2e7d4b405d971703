/** Carries passages, fields and notes of the original over into the translation. */

import type { Editor } from '@tiptap/core'
import type { Node as ProseNode } from '@tiptap/pm/model'

import type { DocNode } from '../letterDocument'

/** The position of the block with this id; -1 where there is none. */
export function blockAt(doc: ProseNode, id: string): number {
  let found = -1
  doc.descendants((node, pos) => {
    if (node.isTextblock && id && node.attrs.id === id) found = pos
    return found < 0 && !node.isTextblock
  })
  return found
}

const FRAMES = new Set(['audience', 'point'])

/** Whether both say the same of whom a passage is for, or where it comes from. */
function isSameFrame(node: ProseNode | null, given: DocNode): boolean {
  if (!node || node.type.name !== given.type) return false
  const same = (name: string) => String([...((node.attrs[name] ?? []) as string[])].sort()) === String([...((given.attrs?.[name] ?? []) as string[])].sort())
  return given.type === 'point' ? node.attrs.number === given.attrs?.number : same('only') && same('except')
}

/** Puts the original's passage behind the block `after`, as near to it as it may stand; at the beginning without one. It
 * stays for whom it is in the original: inside a frame that the translation has there already, or with its own. */
export function copyPassage(editor: Editor, passage: DocNode, after: string): void {
  const { doc, schema } = editor.state
  const found = blockAt(doc, after)
  let $pos = doc.resolve(found < 0 ? 0 : found + (doc.nodeAt(found)?.nodeSize ?? 0))
  let inner = passage
  let kept = 0
  const framesThere = Array.from({ length: $pos.depth }, (_none, depth) => depth + 1).filter((depth) => FRAMES.has($pos.node(depth).type.name))
  for (const depth of framesThere) {
    if (!isSameFrame($pos.node(depth), inner)) {
      $pos = doc.resolve($pos.after(depth)) // out of what is for others
      break
    }
    inner = inner.content?.[0] ?? inner
    kept = depth
  }
  const type = schema.nodes[inner.type]
  while (type && $pos.depth > kept && !$pos.parent.canReplaceWith($pos.index(), $pos.index(), type)) $pos = doc.resolve($pos.after())
  let { pos } = $pos
  while (FRAMES.has(inner.type) && isSameFrame(doc.nodeAt(pos), inner)) {
    inner = inner.content?.[0] ?? inner
    pos += 1
  }
  let end = pos + schema.nodeFromJSON(inner).nodeSize - 1
  for (let frame = inner; FRAMES.has(frame.type); frame = frame.content?.[0] ?? { type: 'paragraph' }) end -= 1
  editor.chain().insertContentAt(pos, inner).setTextSelection(end).focus().scrollIntoView().run()
}

/** Puts fields and notes at the end of the block, for the translator to move. */
export function copyAtoms(editor: Editor, atoms: DocNode[], block: string): void {
  const pos = blockAt(editor.state.doc, block)
  const node = pos < 0 ? null : editor.state.doc.nodeAt(pos)
  if (!node) return
  editor.chain().insertContentAt(pos + node.nodeSize - 1, atoms).focus().scrollIntoView().run()
}
