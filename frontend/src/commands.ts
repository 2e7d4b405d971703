/**
 * What the toolbar and keyboard shortcuts do to blocks. These use ProseMirror's own commands, because Tiptap's toggles
 * first lift a block out of everything around it, which here would take it out of its audience.
 */

import type { Editor } from '@tiptap/core'
import { lift, setBlockType, wrapIn } from '@tiptap/pm/commands'
import { Fragment, type Node as ProseNode, type NodeType } from '@tiptap/pm/model'
import { liftListItem, sinkListItem, wrapInList } from '@tiptap/pm/schema-list'
import { NodeSelection, TextSelection, type Command, type EditorState, type Transaction } from '@tiptap/pm/state'

import type { Noted } from './numbering'

export interface Audience {
  only: string[]
  except: string[]
}

function type(state: EditorState, name: string): NodeType {
  const found = state.schema.nodes[name]
  if (!found) throw new Error(`the schema has no ${name}`)
  return found
}

/** The innermost node of this type around the selection, with its position. */
export function enclosing(state: EditorState, name: string): { node: ProseNode; pos: number; depth: number } | null {
  const { $from } = state.selection
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth)
    if (node.type.name === name) return { node, pos: $from.before(depth), depth }
  }
  return null
}

/** The selected atom of this type, with its position. */
export function selected(state: EditorState, name: string): { node: ProseNode; pos: number } | null {
  const { selection } = state
  if (!(selection instanceof NodeSelection) || selection.node.type.name !== name) return null
  return { node: selection.node, pos: selection.from }
}

export function headingCommand(level: number): Command {
  return (state, dispatch) => {
    const there = enclosing(state, 'heading')
    if (there?.node.attrs.level === level) {
      return setBlockType(type(state, 'paragraph'), { id: there.node.attrs.id })(state, dispatch)
    }
    const id = state.selection.$from.parent.attrs.id as string | null
    return setBlockType(type(state, 'heading'), { level, id })(state, dispatch)
  }
}

export function listCommand(name: 'orderedList' | 'bulletList'): Command {
  return (state, dispatch) => {
    if (enclosing(state, name)) return liftListItem(type(state, 'listItem'))(state, dispatch)
    const other = enclosing(state, name === 'orderedList' ? 'bulletList' : 'orderedList')
    if (!other) return wrapInList(type(state, name))(state, dispatch)
    dispatch?.(state.tr.setNodeMarkup(other.pos, type(state, name), other.node.attrs))
    return true
  }
}

export const quoteCommand: Command = (state, dispatch) =>
  enclosing(state, 'blockquote') ? lift(state, dispatch) : wrapIn(type(state, 'blockquote'))(state, dispatch)

function run(editor: Editor, command: Command): boolean {
  return command(editor.state, (transaction) => editor.view.dispatch(transaction.scrollIntoView()))
}

const MAX_LEVELS = 4
/** Of the list in a list of each kind: (a) (i) (1), (1) (a) (i). */
const INNER: Record<string, string | null> = { letters: 'roman', roman: 'decimal', decimal: null }

/** The item into a list of the item before it, or out of it. */
export function itemCommand(way: 'in' | 'out'): Command {
  return (state, dispatch) => {
    const item = type(state, 'listItem')
    if (way === 'out') return liftListItem(item)(state, dispatch)
    const { $from } = state.selection
    const around = Array.from({ length: $from.depth }, (_none, depth) => $from.node(depth + 1)).filter((node) => node.type.spec.group?.includes('list'))
    const list = around.at(-1)
    if (!list || around.length >= MAX_LEVELS) return false
    return sinkListItem(item)(state, (transaction) => {
      const inner = listAround(transaction)
      if (inner?.node.type.name === 'orderedList' && inner.node.childCount === 1) {
        transaction.setNodeAttribute(inner.pos, 'numbering', INNER[String(list.attrs.numbering ?? 'letters')] ?? null)
      }
      dispatch?.(transaction)
    })
  }
}

function listAround({ selection: { $from } }: Transaction): { node: ProseNode; pos: number } | null {
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if ($from.node(depth).type.name === 'listItem') return { node: $from.node(depth - 1), pos: $from.before(depth - 1) }
  }
  return null
}

export const moveItem = (editor: Editor, way: 'in' | 'out') => run(editor, itemCommand(way))
export const toggleHeading = (editor: Editor, level: number) => run(editor, headingCommand(level))
export const toggleList = (editor: Editor, name: 'orderedList' | 'bulletList') => run(editor, listCommand(name))
export const toggleQuote = (editor: Editor) => run(editor, quoteCommand)

/** Put an atom (a merge field, a citation) in place of the selection. */
export function insertAtom(editor: Editor, name: string, attrs: Record<string, unknown>): void {
  const { state } = editor
  const { selection } = state
  const transaction = state.tr
  if (selection instanceof NodeSelection && selection.node.isInline && name === 'citation') {
    transaction.setSelection(TextSelection.create(state.doc, selection.to))
  }
  editor.view.dispatch(transaction.replaceSelectionWith(type(state, name).create(attrs), true).scrollIntoView())
}

/** Where an atom stands that was at `pos` before others wrote: the one like it that is nearest; -1 where there is none. */
export function nearest(editor: Editor, atom: ProseNode, pos: number): number {
  let found = -1
  editor.state.doc.descendants((node, at) => {
    if (node.hasMarkup(atom.type, atom.attrs, node.marks) && (found < 0 || Math.abs(at - pos) < Math.abs(found - pos))) found = at
    return !node.isAtom
  })
  return found
}

export function setAttributes(editor: Editor, pos: number, attrs: Record<string, unknown>): void {
  const node = pos < 0 ? null : editor.state.doc.nodeAt(pos)
  if (node) editor.view.dispatch(editor.state.tr.setNodeMarkup(pos, undefined, { ...node.attrs, ...attrs }, node.marks))
}

export function removeAt(editor: Editor, pos: number): void {
  const node = pos < 0 ? null : editor.state.doc.nodeAt(pos)
  if (node) editor.view.dispatch(editor.state.tr.delete(pos, pos + node.nodeSize))
}

/** A note of the writer's own, or all citations that share one. */
export function removeNote(editor: Editor, note: Noted): void {
  const places: number[] = note.pos === undefined ? [] : [note.pos]
  editor.state.doc.descendants((node, pos) => {
    if (node.type.name === 'citation' && note.facts.includes(String(node.attrs.fact))) places.unshift(pos)
  })
  for (const pos of places) removeAt(editor, pos)
}

/** Limit the selected blocks to an audience, or change the audience they are in. */
export function setAudience(editor: Editor, audience: Audience): boolean {
  const { state } = editor
  const there = enclosing(state, 'audience')
  if (there) {
    setAttributes(editor, there.pos, { ...audience })
    return true
  }
  const { $from, $to } = state.selection
  const range = $from.blockRange($to, (node) => node.type.name === 'doc')
  const content = range ? Fragment.from(state.doc.content.content.slice(range.startIndex, range.endIndex)) : null
  if (!range || !content) return false
  const kind = type(state, 'audience')
  const inner: ProseNode[] = []
  content.forEach((node) => (node.type === kind ? inner.push(...node.children) : inner.push(node)))
  const wrapped = kind.create({ ...audience }, inner)
  const transaction = state.tr.replaceWith(range.start, range.end, wrapped)
  transaction.setSelection(TextSelection.near(transaction.doc.resolve(range.start + 2)))
  editor.view.dispatch(transaction.scrollIntoView())
  return true
}

/** Remove the frame of an audience or passage, and keep its content. */
export function unwrap(editor: Editor, pos: number): void {
  const node = editor.state.doc.nodeAt(pos)
  if (node) editor.view.dispatch(editor.state.tr.replaceWith(pos, pos + node.nodeSize, node.content))
}

/** Put a passage after the block with the caret, or in place of an empty paragraph. */
export function insertPassage(editor: Editor, content: ProseNode[]): void {
  const { state } = editor
  const { $from } = state.selection
  let depth = 1
  if ($from.depth > 1 && $from.node(1).type.name === 'audience') depth = 2
  const block = $from.depth >= depth ? $from.node(depth) : null
  const transaction = state.tr
  let at = block ? $from.after(depth) : $from.pos
  if (block?.type.name === 'paragraph' && block.content.size === 0) {
    at = $from.before(depth)
    transaction.replaceWith(at, at + block.nodeSize, content)
  } else {
    transaction.insert(at, content)
  }
  const end = at + content.reduce((size, node) => size + node.nodeSize, 0)
  transaction.setSelection(TextSelection.near(transaction.doc.resolve(end), -1))
  editor.view.dispatch(transaction.scrollIntoView())
}

/** Put words and atoms after the selection, as part of its sentence. */
export function insertInline(editor: Editor, nodes: ProseNode[]): void {
  const { state } = editor
  const { $to, to } = state.selection
  if (!$to.parent.isTextblock) return insertPassage(editor, [type(state, 'paragraph').create(null, nodes)])
  const before = $to.parent.textBetween(0, $to.parentOffset, '', '\uFFFC')
  const content = /\S$/.test(before) ? [state.schema.text(' '), ...nodes] : nodes
  const transaction = state.tr.insert(to, content)
  const end = to + content.reduce((size, node) => size + node.nodeSize, 0)
  editor.view.dispatch(transaction.setSelection(TextSelection.create(transaction.doc, end)).scrollIntoView())
}

/** Select the block with this id, and scroll to it. */
export function goToBlock(editor: Editor, id: string): boolean {
  let found = -1
  editor.state.doc.descendants((node, pos) => {
    if (node.attrs.id === id) found = pos
    return found < 0
  })
  return found >= 0 && goTo(editor, found)
}

export function goTo(editor: Editor, pos: number): boolean {
  const transaction: Transaction = editor.state.tr
  const node = editor.state.doc.nodeAt(pos)
  const selection =
    node && node.isAtom
      ? NodeSelection.create(editor.state.doc, pos)
      : TextSelection.near(editor.state.doc.resolve(Math.min(pos + 1, editor.state.doc.content.size)))
  editor.view.dispatch(transaction.setSelection(selection).scrollIntoView())
  editor.view.focus()
  return true
}
