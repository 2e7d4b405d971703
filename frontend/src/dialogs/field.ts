/** Choosing a merge field, and its fallback for a missing value. */

import type { Editor } from '@tiptap/core'

import { insertAtom, removeAt, setAttributes } from '../commands'
import { el } from '../dom'
import type { Reader } from '../reader'
import { cleanText } from '../paste/characters'
import { message } from '../messages'
import { choose } from './choose'
import { openDialog } from './dialog'

/** True if a field was inserted. */
export async function pickField(editor: Editor, reader: Reader): Promise<boolean> {
  const key = await choose(
    message('field-title-dialog'),
    message('field-search'),
    [...reader.fields.values()].map((field) => ({
      value: field.key,
      label: field.label,
      detail: field.value ? message('field-now', { value: field.value }) : message('field-empty', { name: reader.memberName }),
      also: field.key,
    })),
  )
  if (key) insertAtom(editor, 'mergeField', { key })
  return key !== null
}

export async function editField(editor: Editor, reader: Reader, pos: number): Promise<void> {
  const node = editor.state.doc.nodeAt(pos)
  if (node?.type.name !== 'mergeField') return
  const { key, fallback } = node.attrs as { key: string; fallback: string | null }
  const field = reader.fields.get(key)
  const input = el('input', {
    class: 'input', id: 'field-fallback', maxlength: 200, value: fallback ?? '', 'aria-describedby': 'field-fallback-hint', dir: 'auto',
  })
  const frame = openDialog(
    field?.label ?? key,
    [
      el('p', {}, field?.value ? message('field-now', { value: field.value }) : message('field-empty', { name: reader.memberName })),
      el(
        'div',
        { class: 'field' },
        el('label', { for: 'field-fallback' }, message('fallback-label')),
        el('span', { class: 'hint', id: 'field-fallback-hint' }, message('fallback-hint')),
        input,
      ),
    ],
    [
      { action: 'keep', label: message('fallback-keep') },
      { action: 'remove', label: message('field-remove'), kind: 'danger' },
    ],
  )
  input.focus()
  const action = await frame.closed
  if (action === 'keep') setAttributes(editor, pos, { fallback: cleanText(input.value).trim() || null })
  if (action === 'remove') removeAt(editor, pos)
  editor.commands.focus()
}
