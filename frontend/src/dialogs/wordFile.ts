/** Inserting the text of a Word file at the caret: the server reads the file, the editor cleans it as it does a paste. */

import type { Editor } from '@tiptap/core'

import { postWordFile, type WordText } from '../api'
import { byId, el } from '../dom'
import { message } from '../messages'
import { LEFT_OUT, type Finding, type PasteReport } from '../paste/report'
import type { CleanInputStorage } from '../paste/plugin'

/** Makes the button of the page choose a file. `before` shows the text. */
export function offerWordFile(button: HTMLButtonElement, editor: Editor, url: string, before: () => void): void {
  const input = el('input', { type: 'file', accept: '.docx', hidden: true, tabindex: -1, 'aria-hidden': 'true' })
  button.after(input)
  button.hidden = false
  button.addEventListener('click', () => input.click())
  input.addEventListener('change', () => {
    const file = input.files?.[0]
    input.value = ''
    if (file) void insert(button, editor, url, file, before)
  })
}

async function insert(button: HTMLButtonElement, editor: Editor, url: string, file: File, before: () => void): Promise<void> {
  button.disabled = true
  say(message('word-reading'))
  const found = await postWordFile(url, file)
  button.disabled = false
  if ('error' in found) {
    complain(button, found.error || message('word-unreachable'))
    return
  }
  say('')
  button.parentElement?.querySelector('.error-message')?.remove()
  before()
  insertWordText(editor, found)
  editor.commands.focus()
}

/** Puts the words of a file at the caret as if they were pasted. */
export function insertWordText(editor: Editor, found: WordText): void {
  const storage = (editor.storage as unknown as { cleanInput: CleanInputStorage }).cleanInput
  storage.insert(found.html, (report: PasteReport) => {
    for (const finding of LEFT_OUT) report.add(finding, found.left_out[finding as Finding] ?? 0)
    for (const words of found.excerpts) report.keepExcerpt(words)
  })
}

function say(words: string): void {
  byId('ws-aloud').textContent = words
}

function complain(button: HTMLElement, words: string): void {
  button.parentElement?.querySelector('.error-message')?.remove()
  button.after(el('span', { class: 'error-message', role: 'alert' }, words))
  say('')
  button.focus()
}
