/** The page as a whole: the editor, the panes around it, and the session in which several people write. */

import { Editor } from '@tiptap/core'
import type { Node as ProseNode } from '@tiptap/pm/model'

import { getEvidence, postCitationUpdate, type Note, type Preview, type Shown } from './api'
import { goToBlock, insertAtom, insertInline, insertPassage, removeAt, selected } from './commands'
import { normalise, plainText, type DocNode, type Snapshot } from './letterDocument'
import { editAudience, pickAudience } from './dialogs/audience'
import { editCitation, pickCitation } from './dialogs/citation'
import { editField, pickField } from './dialogs/field'
import { showKeys } from './dialogs/keys'
import { editLink } from './dialogs/link'
import { editNote, lookAtLost } from './dialogs/note'
import { offerWordFile } from './dialogs/wordFile'
import { CommentsPane } from './comments/pane'
import { fieldWithWords } from './comments/writing'
import { byId } from './dom'
import { FindBar } from './find/bar'
import { keepIdsUnique } from './live/blockIds'
import { isFromElsewhere } from './live/origin'
import { Session } from './live/session'
import { SubjectField } from './live/subjectField'
import type { PageData } from './page'
import { EvidencePane } from './panes/evidence'
import { EvidenceSheet } from './panes/evidenceSheet'
import { FlagsPane } from './panes/flags'
import { NotesList } from './panes/notes'
import { PasteNotices } from './panes/pasteNotices'
import { PeoplePane } from './panes/people'
import { PreviewPane } from './panes/preview'
import { copyText, offerRescue, StatusLine } from './panes/status'
import { cleanText } from './paste/characters'
import { unwrapAddresses } from './paste/links'
import type { Noted } from './numbering'
import { doubtful, Reader, type Fact } from './reader'
import { extensions } from './schema'
import type { Picker } from './schema/keys'
import { Toolbar } from './toolbar'
import { originalBeside } from './translation/beside'
import { plural, message } from './messages'

const AFTER_TYPING = 1_500
/** Others ask for the flags of what they write, too. */
const AFTER_OTHERS = 4_000
/** How near the caret comes to the edges of the window; a notice about pasted text must not cover it. */
const CARET_MARGIN = {
  top: 5,
  left: 5,
  right: 5,
  get bottom() {
    return byId('ws-pasted').offsetHeight + 5
  },
}

export class Workspace {
  private readonly reader = new Reader()
  private readonly editor: Editor
  private readonly subject = byId<HTMLTextAreaElement>('ws-subject')
  private readonly session: Session
  private readonly status: StatusLine
  private readonly pasteNotices = new PasteNotices()
  private readonly evidence: EvidencePane
  private readonly sheet = new EvidenceSheet()
  private readonly flags: FlagsPane
  private readonly preview: PreviewPane
  private readonly comments: CommentsPane
  private subjectField: SubjectField | null = null
  private find: FindBar | null = null
  private toolbar: Toolbar | null = null
  private checkTimer = 0
  private shown: Shown

  constructor(private readonly page: PageData) {
    this.fillReader()
    this.status = new StatusLine({
      retry: () => this.session.retry(),
      copy: () => void this.copy(),
      reload: () => void this.session.discard().then(() => window.location.reload()),
    })
    this.session = this.createSession()
    keepIdsUnique(this.session.doc, this.session.body, () => this.session.editable)
    this.editor = this.createEditor()
    this.flags = this.createFlags()
    this.shown = { member: page.member, recipient: page.recipient }
    this.preview = new PreviewPane(page.urls.preview, () => this.read(), () => this.shown, (answer) => this.answered(answer))
    this.reader.search = (words) => this.facts(words)
    this.evidence = new EvidencePane(page.urls.evidence, this.reader, this.evidenceActs(), page.can_edit, page.language)
    new NotesList(this.reader, page.can_edit ? this.noteActs() : null).draw()
    this.comments = new CommentsPane(page.urls.comments, this.editor, { comment: page.can_comment, decide: () => this.session.editable })
  }

  /** Fill the page and load the evidence. */
  async start(): Promise<void> {
    byId('ws-needs-script').remove()
    byId('workspace').dataset.sequence = '0'
    this.subjectField = new SubjectField(this.subject, this.session.subject, (typed) => unwrapAddresses(cleanText(typed)))
    this.session.subject.observe((_event, transaction) => this.checkSoon(transaction.local ? AFTER_TYPING : AFTER_OTHERS))
    this.chooseMember()
    this.flags.draw(this.page.problems)
    this.redrawCounts()
    if (this.page.can_edit) this.startEditing()
    new PeoplePane(this.session.presence, this.page.person, this.editor)
    this.stayInTouch()
    const rescue = await this.session.start()
    if (rescue) offerRescue(rescue, () => this.session.forgetRescue())
    originalBeside(this.editor)
    const place = /^#(b[a-z0-9]{8})$/.exec(window.location.hash)?.[1]
    if (place) this.goTo(place)
    await this.comments.start()
    await this.evidence.load()
  }

  // ---- parts ------------------------------------------------------------------------------------

  private fillReader(): void {
    this.reader.lostWords = this.page.lost_words
    for (const field of this.page.merge_fields) this.reader.fields.set(field.key, field)
    for (const entry of this.page.audiences) this.reader.entries.set(entry.entry, entry)
    this.reader.learn(Object.values(this.page.facts))
    for (const note of this.page.notes) this.cite(note)
    for (const member of this.page.members) this.reader.addressees.add(member.code)
    this.reader.member = this.page.member ?? ''
    this.reader.memberName = this.memberName(this.reader.member)
  }

  private cite(note: Note): void {
    for (const fact of note.facts ?? [note.fact]) this.reader.citations.set(fact, note.text)
  }

  private createEditor(): Editor {
    const place = byId('ws-text')
    place.replaceChildren()
    const editor = new Editor({
      element: { mount: place },
      extensions: extensions(this.reader, this.session, {
        pick: (picker, typed) => void this.pick(picker, typed),
        link: () => void editLink(this.editor),
        toolbar: () => this.toolbar?.focus(),
        find: () => this.find?.open(),
        comment: () => this.comments.write(false),
        openComment: (id) => this.comments.open(id),
        pasted: (report) => this.pasteNotices.show(report),
        editField: (_editor, pos) => void editField(this.editor, this.reader, pos),
        editCitation: (_editor, pos) => void this.editCitation(pos),
        editAudience: (_editor, pos) => void editAudience(this.editor, this.reader, pos),
        editNote: (_editor, pos) => void editNote(this.editor, pos),
        lookAtLost: (_editor, pos) => void lookAtLost(this.editor, this.reader, pos),
      }),
      editable: this.page.can_edit,
      injectCSS: false, // the styles are in workspace.css, as the content security policy blocks injected ones
      editorProps: {
        scrollThreshold: CARET_MARGIN,
        scrollMargin: CARET_MARGIN,
        attributes: {
          class: 'editor',
          lang: this.page.language,
          dir: this.page.dir,
          role: 'textbox',
          'aria-multiline': 'true',
          'aria-label': message('text-label'),
          ...(this.page.can_edit ? {} : { 'aria-readonly': 'true', tabindex: '0' }),
          spellcheck: 'true',
        },
      },
    })
    this.reader.renumber(editor.state.doc)
    editor.on('transaction', ({ transaction }) => {
      if (transaction.docChanged) this.textChanged(isFromElsewhere(transaction))
    })
    return editor
  }

  private createSession(): Session {
    const { urls, saved_at, document: guid, state, person, can_edit } = this.page
    return new Session({
      urls,
      document: guid,
      state,
      savedAt: saved_at ? new Date(saved_at) : null,
      person,
      canEdit: can_edit,
      keptAs: `letter ${person.id} ${urls.updates}`,
      words: () => this.words(),
      show: (status) => this.status.show(status),
      readOnly: () => this.stopEditing(),
      saved: (sequence) => void (byId('workspace').dataset.sequence = String(sequence)),
      slow: (slow) => void (byId('ws-slow').hidden = !slow),
      composing: () => this.editor.view.composing || this.subjectField?.composing === true,
    })
  }

  private createFlags(): FlagsPane {
    const can = this.page.can_edit
    return new FlagsPane({
      show: (block) => this.goTo(block),
      subject: () => this.subject.focus(),
      fallback: can ? (block) => this.openAtom(block, 'mergeField') : null,
      citation: can ? (block) => this.openAtom(block, 'citation') : null,
      lost: can ? (block) => this.openAtom(block, 'lost') : null,
    })
  }

  /** What the search of evidence finds, whichever government is chosen. */
  private async facts(words: string): Promise<Fact[] | null> {
    const points = await getEvidence(this.page.urls.evidence, this.shown.member ?? '', words)
    const found = points && points.flatMap((point) => point.facts)
    if (found) this.reader.learn(found)
    return found
  }

  private evidenceActs() {
    return {
      insert: (nodes: DocNode[]) => this.insertEvidence(() => insertPassage(this.editor, this.nodes(nodes))),
      insertWords: (nodes: DocNode[]) => this.insertEvidence(() => insertInline(this.editor, this.nodes(nodes))),
      cite: (fact: { key: string }) => this.insertEvidence(() => insertAtom(this.editor, 'citation', { fact: fact.key })),
      used: () => this.pointsUsed(),
    }
  }

  // ---- writing ----------------------------------------------------------------------------------

  private startEditing(): void {
    byId('ws-toolbar').hidden = false
    this.subject.readOnly = false
    offerWordFile(byId('ws-word'), this.editor, this.page.urls.word_text, () => this.preview.show(false))
    this.toolbar = new Toolbar(byId('ws-toolbar'), this.editor, {
      field: () => void this.pick('field'),
      citation: () => void this.pick('citation'),
      audience: () => void this.pick('audience'),
      note: () => void editNote(this.editor, selected(this.editor.state, 'note')?.pos ?? -1),
      link: () => void editLink(this.editor),
      find: () => this.find?.open(),
      keys: () => void showKeys(),
    })
    if (this.subjectField) this.find = new FindBar(byId('ws-find'), this.editor, this.subjectField)
    this.subject.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.isComposing) return
      event.preventDefault()
      this.editor.commands.focus('start')
    })
    document.getElementById('ws-ask')?.addEventListener('submit', (event) => void this.saveFirst(event))
  }

  /** Writing is over, for a reason that the page says. The text stays, and can be copied. */
  private stopEditing(): void {
    this.editor.setEditable(false)
    this.editor.view.dom.setAttribute('aria-readonly', 'true')
    this.subject.readOnly = true
    byId('ws-toolbar').inert = true
    this.find?.close()
  }

  /** Windows sleep, close and come back, and networks go: the session hears of it at once. */
  private stayInTouch(): void {
    window.addEventListener('online', () => this.session.wake())
    window.addEventListener('offline', () => this.session.offline())
    window.addEventListener('focus', () => this.session.wake())
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') this.session.leave(false)
      else this.session.wake()
    })
    window.addEventListener('pagehide', () => this.session.leave(true))
    window.addEventListener('pageshow', (event) => event.persisted && this.session.wake())
    document.addEventListener('resume', () => this.session.wake()) // a phone that slept
    document.addEventListener('compositionend', () => window.setTimeout(() => this.session.arrivals.release()))
    window.addEventListener('beforeunload', (event) => {
      if (this.session.unsaved || fieldWithWords(document)) event.preventDefault()
    })
  }

  /** Reviewers read the saved text, so the form is submitted only after saving; on a slow line it says so. */
  private async saveFirst(event: Event): Promise<void> {
    if (!this.session.unsaved) return
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const said = byId('ws-ask-waits')
    if (!said.hidden) return
    said.hidden = false
    byId('ws-aloud').textContent = said.textContent
    const saved = await this.session.whenSaved()
    said.hidden = true
    if (saved) form.requestSubmit()
  }

  private read(): Snapshot {
    return { subject: cleanText(this.subject.value).trim(), body: normalise(this.editor.getJSON() as DocNode) }
  }

  private textChanged(byOthers: boolean): void {
    this.reader.renumber(this.editor.state.doc)
    this.redrawCounts()
    this.evidence.follow()
    this.checkSoon(byOthers ? AFTER_OTHERS : AFTER_TYPING)
  }

  private async pick(picker: Picker, typed = ''): Promise<void> {
    const { editor, reader } = this
    const done = await {
      field: () => this.editOr('mergeField', editField, pickField),
      citation: () => this.editOr('citation', (_editor, _reader, pos) => this.editCitation(pos), pickCitation),
      audience: () => pickAudience(editor, reader),
    }[picker]()
    if (!done && typed) editor.view.dispatch(editor.state.tr.insertText(typed))
    editor.commands.focus()
  }

  /** Opens the selected atom, or inserts a new one. */
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

  private nodes(found: DocNode[]): ProseNode[] {
    return found.map((node) => this.editor.schema.nodeFromJSON(node))
  }

  private insertEvidence(insert: () => void): void {
    this.sheet.show(false)
    this.preview.show(false)
    insert()
    this.editor.commands.focus()
  }

  private editCitation(pos: number): Promise<void> {
    return editCitation(this.editor, this.reader, pos, this.page.can_edit ? (fact) => this.updateFact(fact) : null)
  }

  /** The text cites the fact as it is now. What came of it is on the page when this ends. */
  private async updateFact(fact: Fact): Promise<string> {
    const error = await postCitationUpdate(this.page.urls.citation_update, fact.key, fact.revision ?? 0)
    await this.preview.load()
    return error
  }

  private noteActs() {
    return {
      remove: (note: Noted, number: number) => this.removeNote(note, number),
      edit: (pos: number) => void editNote(this.editor, pos),
    }
  }

  private removeNote(note: Noted, number: number): void {
    const places: number[] = note.pos === undefined ? [] : [note.pos]
    this.editor.state.doc.descendants((node, pos) => {
      if (node.type.name === 'citation' && note.facts.includes(String(node.attrs.fact))) places.unshift(pos)
    })
    for (const pos of places) removeAt(this.editor, pos)
    byId('ws-aloud').textContent = message('note-removed', { n: number })
    this.editor.commands.focus()
  }

  private pointsUsed(): Set<number> {
    const used = new Set<number>()
    this.editor.state.doc.descendants((node) => {
      if (node.type.name === 'point') used.add(Number(node.attrs.number))
      return node.isBlock
    })
    return used
  }

  private goTo(block: string): void {
    this.preview.show(false)
    if (!goToBlock(this.editor, block)) byId('ws-text').focus()
  }

  /** Open the dialog of the block's first atom that needs attention. */
  private openAtom(block: string, name: 'mergeField' | 'citation' | 'lost'): void {
    this.goTo(block)
    let inside = false
    let found = -1
    let first = -1
    this.editor.state.doc.descendants((node, pos) => {
      if (node.isBlock) inside = node.attrs.id === block
      if (!inside || node.type.name !== name) return
      const wanting = name === 'mergeField' ? this.reader.value(String(node.attrs.key), String(node.attrs.fallback ?? '')).gap : doubtful(this.reader.facts.get(String(node.attrs.fact)))
      if (first < 0) first = pos
      if (wanting && found < 0) found = pos
    })
    const pos = found < 0 ? first : found
    if (pos < 0) return
    if (name === 'citation') void this.editCitation(pos)
    else void { mergeField: editField, lost: lookAtLost }[name](this.editor, this.reader, pos)
  }

  // ---- the government it is shown for ----------------------------------------------------------------------

  private memberName(code: string): string {
    return this.page.members.find((member) => member.code === code)?.name ?? ''
  }

  private chooseMember(): void {
    const select = byId<HTMLSelectElement>('ws-member')
    const { member, recipient } = this.shown
    select.value = recipient ? `${member}:${recipient}` : (member ?? '')
    this.pointLinks()
    select.addEventListener('change', () => {
      const [code = '', id] = select.value.split(':')
      this.shown = { member: code || null, recipient: id ? Number(id) : null }
      this.reader.member = code
      this.reader.memberName = this.memberName(code)
      this.reader.renumber(this.editor.state.doc)
      this.reader.redraw()
      this.pointLinks()
      void this.evidence.load()
      void this.preview.load()
    })
  }

  /** Point the links to plain text and PDF at the chosen government; the path of the country letter has its code. */
  private pointLinks(): void {
    for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-for-member]')) {
      const url = new URL(link.href)
      const inPath = link.dataset.forMember === 'path'
      if (inPath && this.shown.member) url.pathname = url.pathname.replace(/[^/]+\/$/, `${this.shown.member}/`)
      for (const [name, value] of Object.entries(this.shown)) {
        if (value && !(inPath && name === 'member')) url.searchParams.set(name, String(value))
        else url.searchParams.delete(name)
      }
      link.href = url.href
    }
  }

  private redrawCounts(): void {
    const { doc } = this.editor.state
    // as the server counts: runs between spaces, a field counts as one
    const text = doc.textBetween(0, doc.content.size, ' ', (leaf) => (leaf.type.name === 'mergeField' ? ' x ' : ' '))
    const words = text.split(/\s+/).filter(Boolean).length
    byId('ws-counts').textContent = `${plural('words', words)}, ${plural('notes', this.reader.countNotes(doc))}`
  }

  /** Reload the flags once typing pauses. */
  private checkSoon(delay = AFTER_TYPING): void {
    window.clearTimeout(this.checkTimer)
    this.checkTimer = window.setTimeout(() => void this.preview.load(), delay)
  }

  private answered(answer: Preview): void {
    this.flags.draw(answer.problems)
    this.reader.learn(Object.values(answer.facts ?? {}))
    this.reader.fill(answer.values)
    for (const note of answer.notes) this.cite(note)
    this.reader.renumber(this.editor.state.doc)
    this.redrawCounts()
    this.reader.redraw()
  }

  // ---- the text elsewhere ---------------------------------------------------------------------------------------

  private words(): string {
    const { subject, body } = this.read()
    return `${subject}\n\n${plainText(body, (atom) => this.atomText(atom))}`
  }

  private async copy(): Promise<void> {
    await copyText(this.words())
  }

  private atomText(atom: DocNode): string {
    if (atom.type === 'mergeField') return this.reader.value(String(atom.attrs?.key), String(atom.attrs?.fallback ?? '')).text
    if (atom.type === 'note') return ` [${String(atom.attrs?.text)}]`
    if (atom.type === 'citation') return ` [${this.reader.facts.get(String(atom.attrs?.fact))?.number ?? atom.attrs?.fact}]`
    return atom.type === 'signatories' ? message('signatories') : ''
  }
}
