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

  /** `transaction` brings the change. Undo and redo lead to where the edit was. */
  restore(state: EditorState, transaction: Transaction): void {
    const undone = (transaction.getMeta(ySyncPluginKey) as SyncState).isUndoRedoOperation
    const end = undone ? endOfEdit(state, transaction) : null
    if (end === null) return this.keep(state, transaction)
    transaction.setSelection(TextSelection.near(transaction.doc.resolve(end), -1)).scrollIntoView()
  }

  private keep(state: EditorState, transaction: Transaction): void {
    const sync = ySyncPluginKey.getState(state) as SyncState
    if (!this.anchor || !this.head) return
    const anchor = relativePositionToAbsolutePosition(sync.doc, sync.type, this.anchor, sync.binding.mapping)
    const head = relativePositionToAbsolutePosition(sync.doc, sync.type, this.head, sync.binding.mapping)
    if (anchor === null || head === null) return
    const { doc } = transaction
    const scrolls = transaction.scrolledIntoView
    transaction.setSelection(TextSelection.between(doc.resolve(anchor), doc.resolve(head)))
    if (scrolls) transaction.scrollIntoView()
  }
}

/** Behind what came back; null where the caret stays where it is: beside what went, or where no words changed. */
function endOfEdit(state: EditorState, { doc }: Transaction): number | null {
  const [start, ends] = [state.doc.content.findDiffStart(doc.content), state.doc.content.findDiffEnd(doc.content)]
  if (start === null || !ends) return null
  const overlap = Math.max(0, start - Math.min(ends.a, ends.b))
  const [before, now] = [ends.a + overlap, ends.b + overlap]
  if (state.doc.textBetween(start, before, '\n', '\uFFFC') === doc.textBetween(start, now, '\n', '\uFFFC')) return null
  const isBeside = state.selection.empty && state.selection.head >= start && state.selection.head <= before
  return now === start && isBeside ? null : now
}
