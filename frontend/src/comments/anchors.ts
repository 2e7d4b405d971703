/** Where a comment stands: relative positions of Yjs, which move with the text, and the range that they mean now. */

import { absolutePositionToRelativePosition, relativePositionToAbsolutePosition, ySyncPluginKey } from '@tiptap/y-tiptap'
import type { EditorState } from '@tiptap/pm/state'
import * as Y from 'yjs'

import { fromBase64, toBase64 } from '../live/base64'
import type { Anchor, Thread } from './requests'

export interface Range {
  from: number
  to: number
}

interface SyncState {
  doc: Y.Doc
  type: Y.XmlFragment
  binding: { mapping: Parameters<typeof absolutePositionToRelativePosition>[2] } | null
}

export function anchorOf(state: EditorState, { from, to }: Range): Anchor | null {
  const sync = ySyncPluginKey.getState(state) as SyncState | undefined
  if (!sync?.binding) return null
  const { type, binding } = sync
  const behind = (pos: number) => absolutePositionToRelativePosition(pos, type, binding.mapping) as Y.RelativePosition
  const first = behind(from + 1)
  // y-tiptap's positions hold on to the character before them: the passage begins before its first character
  const start = first.item ? new Y.RelativePosition(first.type, first.tname, first.item, 0) : behind(from)
  return { from: toBase64(Y.encodeRelativePosition(start)), to: toBase64(Y.encodeRelativePosition(behind(to))) }
}

/** The passage of a thread; null where its words are gone, or it is about the whole text. */
export function rangeOf(state: EditorState, thread: Thread): Range | null {
  const { anchor } = thread
  const sync = ySyncPluginKey.getState(state) as SyncState | undefined
  if (!sync?.binding) return null
  if (!anchor) return blockRange(state, thread.block)
  const end = (encoded: string) => {
    try {
      return relativePositionToAbsolutePosition(sync.doc, sync.type, Y.decodeRelativePosition(fromBase64(encoded)), sync.binding!.mapping)
    } catch {
      return null // of a text that was begun anew
    }
  }
  const from = end(anchor.from)
  const to = end(anchor.to)
  return from !== null && to !== null && from < to && to <= state.doc.content.size ? { from, to } : null
}

/** A guest comments on a whole block. */
function blockRange(state: EditorState, block: string): Range | null {
  let range: Range | null = null
  if (block) {
    state.doc.descendants((node, pos) => {
      if (node.attrs.id === block && node.isTextblock && node.content.size) range = { from: pos + 1, to: pos + 1 + node.content.size }
      return !range
    })
  }
  return range
}

/** The words of a range, a space for every break. */
export function wordsIn(state: EditorState, { from, to }: Range): string {
  return state.doc.textBetween(from, to, ' ', ' ')
}

/** The id of the block that a position is in. */
export function blockAt(state: EditorState, pos: number): string {
  const $pos = state.doc.resolve(pos)
  for (let depth = $pos.depth; depth > 0; depth -= 1) {
    const id = $pos.node(depth).attrs.id as string | null | undefined
    if (id) return id
  }
  return ''
}

/** Whether other words can be suggested for it: words of one paragraph, without fields and notes. */
export function isPlain(state: EditorState, { from, to }: Range): boolean {
  const $from = state.doc.resolve(from)
  if (from === to || !$from.parent.isTextblock || $from.end() < to) return false
  let plain = true
  state.doc.nodesBetween(from, to, (node) => {
    if (node.isInline && !node.isText) plain = false
  })
  return plain
}
