/** The page of one passage for one government: the letter's editor with fewer tools, saved when the person says so. */

import { Editor } from '@tiptap/core'

import { postCitationUpdate, postPassage, type PassageAnswer } from './api'
import { AtomDialogs } from './dialogs/atoms'
import { byId, el, whileDisabled } from './dom'
import { normalise, type DocNode } from './letterDocument'
import { message } from './messages'
import { PasteNotices } from './panes/pasteNotices'
import { Reader, type Fact, type Field } from './reader'
import { extensions, textbox } from './schema'
import { Toolbar } from './toolbar'

export interface PassageData {
  /** citation_update: only for whoever drafts for all who get the letter */
  urls: { save: string; back: string; evidence: string; citation_update?: string }
  kind: string
  block: string
  revision: number
  base_sha256: string
  body: DocNode
  language: string
  dir: 'ltr' | 'rtl'
  member: string
  member_name: string
  merge_fields: Field[]
  facts: Record<string, Fact>
  /** what a mark of something left out says, by its kind */
  lost_words: Record<string, string>
}

export class PassagePage {
  private readonly reader = new Reader()
  private readonly pasteNotices = new PasteNotices()
  private readonly editor: Editor
  private readonly atoms: AtomDialogs
  private readonly button = byId<HTMLButtonElement>('passage-save')
  private toolbar: Toolbar | null = null
  private unsaved = false

  constructor(private readonly page: PassageData) {
    for (const field of page.merge_fields) this.reader.fields.set(field.key, field)
    this.reader.learn(Object.values(page.facts))
    this.reader.lostWords = page.lost_words
    this.reader.member = page.member
    this.reader.memberName = page.member_name
    this.reader.searchAt(page.urls.evidence)
    const url = page.urls.citation_update
    this.atoms = new AtomDialogs(() => this.editor, this.reader, {
      updateFact: url ? (fact) => this.updateFact(url, fact) : null,
      audiences: false, // inside a passage for one government they mean nothing: their character is typed
    })
    this.editor = this.createEditor()
  }

  start(): void {
    byId('ws-needs-script').remove()
    byId('passage').hidden = false
    this.toolbar = new Toolbar(byId('ws-toolbar'), this.editor, this.atoms.pickers)
    this.button.addEventListener('click', () => void this.save())
    window.addEventListener('beforeunload', (event) => {
      if (this.unsaved) event.preventDefault()
    })
    this.editor.commands.focus('end')
    void this.reader.search('') // a pasted citation is kept if its fact is known
  }

  private createEditor(): Editor {
    const editor = new Editor({
      element: { mount: byId('ws-text') },
      extensions: extensions(this.reader, null, {
        ...this.atoms.dialogs,
        toolbar: () => this.toolbar?.focus(),
        pasted: (report) => this.pasteNotices.show(report),
      }),
      content: this.page.body,
      injectCSS: false,
      editorProps: { attributes: textbox(this.page.language, this.page.dir, true) },
    })
    this.reader.renumber(editor.state.doc)
    editor.on('transaction', ({ transaction }) => {
      if (!transaction.docChanged) return
      this.reader.renumber(editor.state.doc)
      this.unsaved = true
    })
    return editor
  }

  private async updateFact(url: string, fact: Fact): Promise<string> {
    const error = await postCitationUpdate(url, fact.key, fact.revision ?? 0)
    if (!error) this.reader.learn([{ ...fact, changed: false }])
    this.reader.redraw()
    return error
  }

  /** Goes back to the letter once the server has the passage; otherwise says why not, and keeps the text. */
  private async save(): Promise<void> {
    const { kind, block, revision, base_sha256 } = this.page
    const content = normalise(this.editor.getJSON() as DocNode)
    const answer = await whileDisabled(this.button, () =>
      postPassage(this.page.urls.save, { kind, block, revision, base_sha256, content }),
    )
    if (answer.saved) {
      this.unsaved = false
      window.location.assign(this.page.urls.back)
      return
    }
    if (answer.base_sha256) this.page.base_sha256 = answer.base_sha256
    this.refuse(answer)
  }

  private refuse(answer: PassageAnswer): void {
    const words = answer.error || message('word-unreachable')
    byId('passage-notice').replaceChildren(el('div', { class: 'notice error' }, el('p', {}, el('b', {}, words))))
  }
}
