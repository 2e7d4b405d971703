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

/** Puts the original's passage behind the block `after`, as near to it as it may stand; at the beginning without one. */
export function copyPassage(editor: Editor, passage: DocNode, after: string): void {
  const { doc, schema } = editor.state
  const node = schema.nodeFromJSON(passage)
  const found = blockAt(doc, after)
  let pos = found < 0 ? 0 : found + (doc.nodeAt(found)?.nodeSize ?? 0)
  let $pos = doc.resolve(pos)
  while ($pos.depth > 0 && !$pos.parent.canReplaceWith($pos.index(), $pos.index(), node.type)) {
    pos = $pos.after()
    $pos = doc.resolve(pos)
  }
  editor.chain().insertContentAt(pos, passage).setTextSelection(pos + node.nodeSize - 1).focus().scrollIntoView().run()
}

/** Puts fields and notes at the end of the block, for the translator to move. */
export function copyAtoms(editor: Editor, atoms: DocNode[], block: string): void {
  const pos = blockAt(editor.state.doc, block)
  const node = pos < 0 ? null : editor.state.doc.nodeAt(pos)
  if (!node) return
  editor.chain().insertContentAt(pos + node.nodeSize - 1, atoms).focus().scrollIntoView().run()
}
