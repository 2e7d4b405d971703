/** Keyboard shortcuts, and the switch for the characters that open a list. */

import { el } from '../dom'
import { triggersEnabled, enableTriggers } from '../schema/keys'
import { message } from '../messages'
import { openDialog } from './dialog'

const KEYS: [keys: string, word: string][] = [
  ['Ctrl B', 'bold'],
  ['Ctrl I', 'italic'],
  ['Ctrl Alt 2', 'heading'],
  ['Ctrl Alt 3', 'subheading'],
  ['Ctrl Shift 7', 'list-letters'],
  ['Ctrl Shift 8', 'list-bullets'],
  ['Ctrl Shift B', 'quote'],
  ['Ctrl ]', 'key-indent'],
  ['Ctrl [', 'key-outdent'],
  ['Ctrl .', 'superscript'],
  ['Ctrl ,', 'subscript'],
  ['Ctrl K', 'link'],
  ['{', 'key-field'],
  ['[', 'key-citation'],
  ['@', 'key-audience'],
  ['Ctrl Alt F', 'note-title'],
  ['Enter', 'key-open'],
  ['Shift Enter', 'key-break'],
  ['Ctrl Z', 'key-undo'],
  ['Ctrl F', 'key-find'],
  ['Ctrl Alt M', 'comment'],
  ['Alt F10', 'key-toolbar'],
]

export async function showKeys(): Promise<void> {
  const box = el('input', { type: 'checkbox', id: 'signs-on' })
  box.checked = triggersEnabled()
  box.addEventListener('change', () => enableTriggers(box.checked))
  const list = el('dl', { class: 'key-values' })
  for (const [keys, word] of KEYS) {
    list.append(el('dt', {}, ...keys.split(' ').map((key) => el('kbd', { dir: 'ltr' }, key))), el('dd', {}, message(word)))
  }
  await openDialog(message('keys-title'), [list, el('label', { class: 'pick' }, box, el('span', {}, message('signs-on')))], []).closed
}
