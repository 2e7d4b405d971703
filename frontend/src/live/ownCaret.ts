/**
 * Keeps this person's caret where it is while others write. It stands behind the character it stood behind before.
 * y-tiptap takes a paragraph in which somebody else wrote for one that was moved, and puts the caret back at its old
 * distance from the start, which is then in the middle of another word.
 */

import { absolutePositionToRelativePosition, relativePositionToAbsolutePosition, ySyncPluginKey } from '@tiptap/y-tiptap'
import { TextSelection, type EditorState, type Transaction } from '@tiptap/pm/state'
import * as Y from 'yjs'

interface SyncState {
  doc: Y.Doc
  type: Y.XmlFragment
  binding: { mapping: Parameters<typeof absolutePositionToRelativePosition>[2] }
  isUndoRedoOperation?: boolean
}

export class OwnCaret {
  private anchor: Y.RelativePosition | null = null
  private head: Y.RelativePosition | null = null

  /** Somebody's change is about to come in. */
  remember(state: EditorState): void {
    const sync = ySyncPluginKey.getState(state) as SyncState | undefined
    const { selection } = state
    this.anchor = this.head = null
    if (!sync || !(selection instanceof TextSelection)) return
    this.anchor = absolutePositionToRelativePosition(selection.anchor, sync.type, sync.binding.mapping) as Y.RelativePosition
    this.head = absolutePositionToRelativePosition(selection.head, sync.type, sync.binding.mapping) as Y.RelativePosition
  }

  /** `transaction` brings the change. Undo leads to where the undone edit was. */
  restore(state: EditorState, transaction: Transaction): void {
    const sync = ySyncPluginKey.getState(state) as SyncState
    const undone = (transaction.getMeta(ySyncPluginKey) as SyncState).isUndoRedoOperation
    if (undone || !this.anchor || !this.head) return
    const anchor = relativePositionToAbsolutePosition(sync.doc, sync.type, this.anchor, sync.binding.mapping)
    const head = relativePositionToAbsolutePosition(sync.doc, sync.type, this.head, sync.binding.mapping)
    if (anchor === null || head === null) return
    const { doc } = transaction
    const scrolls = transaction.scrolledIntoView
    transaction.setSelection(TextSelection.between(doc.resolve(anchor), doc.resolve(head)))
    if (scrolls) transaction.scrollIntoView()
  }
}
