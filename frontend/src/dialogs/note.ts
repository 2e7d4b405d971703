/** The text of a note, and looking at a mark of what a paste could not keep. */

import type { Editor } from '@tiptap/core'

import { insertAtom, nearest, removeAt, setAttributes } from '../commands'
import { el } from '../dom'
import { cleanText } from '../paste/characters'
import { unwrapAddresses } from '../paste/links'
import type { Reader } from '../reader'
import { message } from '../messages'
import { openDialog } from './dialog'

const MAX_NOTE = 2000

/** Edits the note at `pos`; with -1 writes a new one at the caret. */
export async function editNote(editor: Editor, pos: number): Promise<void> {
  const node = pos < 0 ? null : editor.state.doc.nodeAt(pos)
  if (pos >= 0 && node?.type.name !== 'note') return
  const input = el('textarea', { class: 'input', id: 'note-text', rows: 4, maxlength: MAX_NOTE, dir: 'auto' })
  input.value = String(node?.attrs.text ?? '')
  const frame = openDialog(
    message('note-title'),
    [el('div', { class: 'field' }, el('label', { for: 'note-text' }, message('note-label')), input)],
    [
      { action: 'keep', label: message('note-keep') },
      ...(node ? [{ action: 'remove', label: message('note-delete'), kind: 'danger' as const }] : []),
    ],
  )
  input.focus()
  const action = await frame.closed
  const text = unwrapAddresses(cleanText(input.value)).replace(/\s+/g, ' ').trim()
  if (action === 'keep' && text) {
    if (node) setAttributes(editor, pos, { text })
    else insertAtom(editor, 'note', { text })
  }
  if (node && (action === 'remove' || (action === 'keep' && !text))) removeAt(editor, pos)
  editor.commands.focus()
}

/** Says what could not be kept here, and takes the mark away once the person has looked. */
export async function lookAtLost(editor: Editor, reader: Reader, pos: number): Promise<void> {
  const node = editor.state.doc.nodeAt(pos)
  if (node?.type.name !== 'lost') return
  const frame = openDialog(
    message(node.attrs.what === 'untranslated' ? 'untranslated-title' : 'lost-title'),
    [
      el('p', {}, reader.lostSentence(String(node.attrs.what), node.attrs.words as string | null)),
      el('p', { class: 'hint' }, message('lost-hint')),
    ],
    [{ action: 'remove', label: message('lost-remove') }],
  )
  if ((await frame.closed) === 'remove') removeAt(editor, nearest(editor, node, pos))
  editor.commands.focus()
}
