/** The page of one passage for one government: the letter's editor with fewer tools, saved when the person says so. */

import { Editor } from '@tiptap/core'

import { getEvidence, postCitationUpdate, postPassage, type PassageAnswer } from './api'
import { selected } from './commands'
import { editCitation, pickCitation } from './dialogs/citation'
import { editField, pickField } from './dialogs/field'
import { showKeys } from './dialogs/keys'
import { editLink } from './dialogs/link'
import { editNote, lookAtLost } from './dialogs/note'
import { byId, el, whileDisabled } from './dom'
import { normalise, type DocNode } from './letterDocument'
import { message } from './messages'
import { PasteNotices } from './panes/pasteNotices'
import { Reader, type Fact, type Field } from './reader'
import { extensions } from './schema'
import type { Picker } from './schema/keys'
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
  private readonly button = byId<HTMLButtonElement>('passage-save')
  private toolbar: Toolbar | null = null
  private unsaved = false

  constructor(private readonly page: PassageData) {
    for (const field of page.merge_fields) this.reader.fields.set(field.key, field)
    this.reader.learn(Object.values(page.facts))
    this.reader.lostWords = page.lost_words
    this.reader.member = page.member
    this.reader.memberName = page.member_name
    this.reader.search = (words) => this.facts(words)
    this.editor = this.createEditor()
  }

  start(): void {
    byId('ws-needs-script').remove()
    byId('passage').hidden = false
    this.toolbar = new Toolbar(byId('ws-toolbar'), this.editor, {
      field: () => void this.pick('field'),
      citation: () => void this.pick('citation'),
      audience: () => undefined,
      link: () => void editLink(this.editor),
      note: () => void editNote(this.editor, selected(this.editor.state, 'note')?.pos ?? -1),
      keys: () => void showKeys(),
    })
    this.button.addEventListener('click', () => void this.save())
    window.addEventListener('beforeunload', (event) => {
      if (this.unsaved) event.preventDefault()
    })
    this.editor.commands.focus('end')
    void this.facts('') // a pasted citation is kept if its fact is known
  }

  private createEditor(): Editor {
    const editor = new Editor({
      element: { mount: byId('ws-text') },
      extensions: extensions(this.reader, null, {
        pick: (picker, typed) => void this.pick(picker, typed),
        link: () => void editLink(this.editor),
        toolbar: () => this.toolbar?.focus(),
        pasted: (report) => this.pasteNotices.show(report),
        editField: (_editor, pos) => void editField(this.editor, this.reader, pos),
        editCitation: (_editor, pos) => void this.editCitation(pos),
        editAudience: () => undefined,
        editNote: (_editor, pos) => void editNote(this.editor, pos),
        lookAtLost: (_editor, pos) => void lookAtLost(this.editor, this.reader, pos),
      }),
      content: this.page.body,
      injectCSS: false,
      editorProps: {
        attributes: {
          class: 'editor',
          lang: this.page.language,
          dir: this.page.dir,
          role: 'textbox',
          'aria-multiline': 'true',
          'aria-label': message('text-label'),
          spellcheck: 'true',
        },
      },
    })
    this.reader.renumber(editor.state.doc)
    editor.on('transaction', ({ transaction }) => {
      if (!transaction.docChanged) return
      this.reader.renumber(editor.state.doc)
      this.unsaved = true
    })
    return editor
  }

  private async facts(words: string): Promise<Fact[] | null> {
    const points = await getEvidence(this.page.urls.evidence, this.page.member, words)
    const found = points && points.flatMap((point) => point.facts)
    if (found) this.reader.learn(found)
    return found
  }

  private editCitation(pos: number): Promise<void> {
    const url = this.page.urls.citation_update
    return editCitation(this.editor, this.reader, pos, url ? (fact) => this.updateFact(url, fact) : null)
  }

  private async updateFact(url: string, fact: Fact): Promise<string> {
    const error = await postCitationUpdate(url, fact.key, fact.revision ?? 0)
    if (!error) this.reader.learn([{ ...fact, changed: false }])
    this.reader.redraw()
    return error
  }

  /** An audience inside a passage for one government means nothing: its character is typed. */
  private async pick(picker: Picker, typed = ''): Promise<void> {
    const { editor, reader } = this
    let done = false
    if (picker === 'field') done = await this.editOr('mergeField', editField, pickField)
    if (picker === 'citation') done = await this.editOr('citation', (_editor, _reader, pos) => this.editCitation(pos), pickCitation)
    if (!done && typed) editor.view.dispatch(editor.state.tr.insertText(typed))
    editor.commands.focus()
    reader.redraw()
  }

  private async editOr(
    name: string,
    edit: (editor: Editor, reader: Reader, pos: number) => Promise<void>,
    insert: (editor: Editor, reader: Reader) => Promise<boolean>,
  ): Promise<boolean> {
    const atom = selected(this.editor.state, name)
    if (!atom) return insert(this.editor, this.reader)
    await edit(this.editor, this.reader, atom.pos)
    return true
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
