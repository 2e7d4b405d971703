/** Where a change of the text comes from. */

import { ySyncPluginKey, yUndoPluginKey } from '@tiptap/y-tiptap'
import { closeHistory } from '@tiptap/pm/history'
import type { Transaction } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'

/** Somebody else's change, or one's own taken back: it comes from the shared document. Nothing may be appended to it, for
 * every window would append the same, and the shared document would not hear of it. */
export function isFromElsewhere(transaction: Transaction): boolean {
  return (transaction.getMeta(ySyncPluginKey) as { isChangeOrigin?: boolean } | undefined)?.isChangeOrigin === true
}

/** What follows is a step of its own for "Undo". */
export function stopCapturing(view: EditorView): void {
  const shared = yUndoPluginKey.getState(view.state) as { undoManager: { stopCapturing: () => void } } | undefined
  if (shared) shared.undoManager.stopCapturing()
  else view.dispatch(closeHistory(view.state.tr))
}
