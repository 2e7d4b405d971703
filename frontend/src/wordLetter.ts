/** The page that begins a letter, where that may be a Word file: the file is read and cleaned as one that is put into a
 * letter, and the letter document goes with the form. */

import { Editor } from '@tiptap/core'

import { postWordFile, type WordText } from './api'
import { insertWordText } from './dialogs/wordFile'
import { byId, el } from './dom'
import { normalise, plainText, type DocNode } from './letterDocument'
import { message, plural } from './messages'
import { excerpts, foundSentences } from './panes/pasteNotices'
import type { PasteReport } from './paste/report'
import { Reader } from './reader'
import { extensions } from './schema'

export class WordLetter {
  private readonly input = byId<HTMLInputElement>('id_file')
  private readonly form = this.input.form!
  private readonly document = this.form.elements.namedItem('document') as HTMLInputElement
  private readonly outcome = byId('word-outcome')
  private reading = false

  start(): void {
    byId('ws-needs-script').remove()
    this.input.removeAttribute('name') // its text goes with the form, and not the file
    if (this.document.value) this.outcome.replaceChildren(words(JSON.parse(this.document.value) as DocNode))
    this.input.addEventListener('change', () => {
      const file = this.input.files?.[0]
      if (file) void this.read(file)
    })
    this.form.addEventListener('submit', (event) => {
      if (this.reading) event.preventDefault() // the line below the file says why
    })
  }

  /** The first text of the letter, unless the file cannot be read: then nothing that was typed changes. */
  private async read(file: File): Promise<void> {
    this.input.closest('.field')?.querySelector('.error-message')?.remove()
    this.document.value = ''
    this.reading = true
    this.outcome.textContent = message('word-reading')
    const found = await postWordFile(this.outcome.dataset.url ?? '', file)
    this.reading = false
    if ('error' in found) {
      this.input.value = ''
      this.outcome.replaceChildren(el('span', { class: 'error-message' }, found.error || message('word-unreachable')))
      return
    }
    const { body, report } = await letterOf(found)
    this.document.value = JSON.stringify(body)
    this.outcome.replaceChildren(words(body), ...(report ? told(report) : []))
  }
}

/** As the editor takes it in, with marks where something cannot be kept. */
async function letterOf(found: WordText): Promise<{ body: DocNode; report: PasteReport | null }> {
  let report: PasteReport | null = null
  const nothing = () => undefined
  const reader = new Reader()
  reader.lostWords = JSON.parse(byId('lost-words').textContent ?? '{}') as Record<string, string> // or no mark is one
  const editor = new Editor({
    element: el('div'),
    extensions: extensions(reader, null, {
      pick: nothing, link: nothing, toolbar: nothing, editField: nothing, editCitation: nothing, editAudience: nothing,
      editNote: nothing, lookAtLost: nothing,
      pasted: (made) => {
        report = made
      },
    }),
    injectCSS: false,
  })
  insertWordText(editor, found)
  await Promise.resolve() // the report is whole once the text is in
  const body = normalise(editor.getJSON() as DocNode)
  editor.destroy()
  return { body, report }
}

function words(body: DocNode): HTMLElement {
  const text = plainText(body, () => '').split(/\s+/)
  return el('p', {}, plural('words', text.filter(Boolean).length))
}

function told(report: PasteReport): HTMLElement[] {
  const lines = foundSentences(report).map((sentence) => el('p', {}, sentence))
  return report.excerpts.length ? [...lines, excerpts(report.excerpts)] : lines
}
