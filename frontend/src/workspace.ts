/** The page as a whole: the editor, the panes around it, and the session in which several people write. */

import { Editor } from '@tiptap/core'

import { postCitationUpdate, type Preview } from './api'
import { goToBlock } from './commands'
import { normalise, type DocNode, type Snapshot } from './letterDocument'
import { countWords, wordsOf } from './letterWords'
import { AtomDialogs } from './dialogs/atoms'
import { offerWordFile } from './dialogs/wordFile'
import { CommentsPane } from './comments/pane'
import { fieldWithWords } from './comments/writing'
import { byId } from './dom'
import { FindBar } from './find/bar'
import { keepIdsUnique } from './live/blockIds'
import { isFromElsewhere } from './live/origin'
import { Session } from './live/session'
import { SubjectField } from './live/subjectField'
import { stayInTouch, submitWhenSaved } from './live/pageEvents'
import type { PageData } from './page'
import { EvidencePane, evidenceActs } from './panes/evidence'
import { EvidenceSheet } from './panes/evidenceSheet'
import { FlagsPane } from './panes/flags'
import { NotesList } from './panes/notes'
import { PasteNotices } from './panes/pasteNotices'
import { PeoplePane } from './panes/people'
import { PreviewPane } from './panes/preview'
import { ShownAs } from './panes/shownAs'
import { copyText, offerRescue, StatusLine } from './panes/status'
import { cleanText } from './paste/characters'
import { unwrapAddresses } from './paste/links'
import { Reader, type Fact } from './reader'
import { extensions, textbox } from './schema'
import { Toolbar } from './toolbar'
import { openOriginalPane } from './translation/originalPane'
import { COMMA, plural } from './messages'

const AFTER_TYPING = 1_500
/** Others ask for the flags of what they write, too. */
const AFTER_OTHERS = 4_000
/** How near the caret comes to the edges of the window; neither the bar nor a notice about pasted text covers it. */
const CARET_MARGIN = {
  get top() {
    return barHeight() + 5
  },
  left: 5,
  right: 5,
  get bottom() {
    return byId('ws-pasted').offsetHeight + 5
  },
}

/** What sticks to the top of the window; on a phone nothing does. */
function barHeight(): number {
  const bar = byId('workspace-bar')
  return getComputedStyle(bar).position === 'sticky' ? bar.offsetHeight : 0
}

export class Workspace {
  private readonly reader = new Reader()
  private readonly editor: Editor
  private readonly atoms: AtomDialogs
  private readonly subject = byId<HTMLTextAreaElement>('ws-subject')
  private readonly session: Session
  private readonly status: StatusLine
  private readonly pasteNotices = new PasteNotices()
  private readonly evidence: EvidencePane
  private readonly sheet = new EvidenceSheet()
  private readonly flags: FlagsPane
  private readonly preview: PreviewPane
  private readonly comments: CommentsPane
  private readonly shownAs: ShownAs
  private subjectField: SubjectField | null = null
  private find: FindBar | null = null
  private toolbar: Toolbar | null = null
  private checkTimer = 0

  constructor(private readonly page: PageData) {
    this.fillReader()
    this.status = new StatusLine({
      retry: () => this.session.retry(),
      copy: () => void copyText(this.words()),
      reload: () => void this.session.discard().then(() => window.location.reload()),
    })
    this.session = this.createSession()
    keepIdsUnique(this.session.doc, this.session.body, () => this.session.editable)
    this.atoms = new AtomDialogs(() => this.editor, this.reader, {
      updateFact: page.can_edit ? (fact) => this.updateFact(fact) : null,
      audiences: true,
    })
    this.editor = this.createEditor()
    this.flags = this.createFlags()
    this.shownAs = new ShownAs({ member: page.member, recipient: page.recipient }, () => this.showAs())
    this.preview = new PreviewPane(page.urls.preview, () => this.read(), () => this.shownAs.present, (answer) => this.answered(answer))
    const acts = evidenceActs(this.editor, () => {
      this.sheet.show(false)
      this.preview.show(false)
    })
    this.evidence = new EvidencePane(page.urls.evidence, this.reader, acts, page.can_edit, page.language)
    new NotesList(this.reader, page.can_edit ? this.editor : null, page.dir).draw()
    this.comments = new CommentsPane(page.urls.comments, this.editor, { comment: page.can_comment, decide: () => this.session.editable }, this.session.presence.awareness)
  }

  /** Fill the page and load the evidence. */
  async start(): Promise<void> {
    byId('ws-needs-script').remove()
    byId('workspace').dataset.sequence = '0'
    new ResizeObserver(() => document.documentElement.style.setProperty('--workspace-bar', `${barHeight()}px`)).observe(byId('workspace-bar'))
    this.subjectField = new SubjectField(this.subject, this.session.subject, (typed) => unwrapAddresses(cleanText(typed)))
    this.session.subject.observe((_event, transaction) => this.checkSoon(transaction.local ? AFTER_TYPING : AFTER_OTHERS))
    this.flags.draw(this.page.problems)
    this.redrawCounts()
    if (this.page.can_edit) this.startEditing()
    new PeoplePane(this.session.presence, this.page.person, this.editor)
    stayInTouch(this.session, () => fieldWithWords(document) !== null)
    const rescue = await this.session.start()
    if (rescue) offerRescue(rescue, () => this.session.forgetRescue())
    openOriginalPane(this.editor)
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
    this.reader.cite(this.page.notes)
    this.reader.searchAt(this.page.urls.evidence)
    for (const member of this.page.members) this.reader.addressees.add(member.code)
    this.reader.member = this.page.member ?? ''
    this.reader.memberName = this.memberName(this.reader.member)
  }

  private createEditor(): Editor {
    const place = byId('ws-text')
    place.replaceChildren()
    const editor = new Editor({
      element: { mount: place },
      extensions: extensions(this.reader, this.session, {
        ...this.atoms.dialogs,
        toolbar: () => this.toolbar?.focus(),
        find: () => this.find?.open(),
        comment: () => this.comments.write(false),
        openComment: (id) => this.comments.open(id),
        pasted: (report) => this.pasteNotices.show(report),
      }),
      editable: this.page.can_edit,
      injectCSS: false, // the styles are in workspace.css, as the content security policy blocks injected ones
      editorProps: {
        scrollThreshold: CARET_MARGIN,
        scrollMargin: CARET_MARGIN,
        attributes: textbox(this.page.language, this.page.dir, this.page.can_edit),
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

  // ---- writing ----------------------------------------------------------------------------------

  private startEditing(): void {
    byId('ws-toolbar').hidden = false
    this.subject.readOnly = false
    offerWordFile(byId('ws-word'), this.editor, this.page.urls.word_text, () => this.preview.show(false))
    this.toolbar = new Toolbar(byId('ws-toolbar'), this.editor, {
      ...this.atoms.pickers,
      find: () => this.find?.open(),
    })
    if (this.subjectField) this.find = new FindBar(byId('ws-find'), this.editor, this.subjectField)
    this.subject.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.isComposing) return
      event.preventDefault()
      this.editor.commands.focus('start')
    })
    document.getElementById('ws-ask')?.addEventListener('submit', (event) => void submitWhenSaved(this.session, event))
  }

  /** Writing is over, for a reason that the page says. The text stays, and can be copied. */
  private stopEditing(): void {
    this.editor.setEditable(false)
    this.editor.view.dom.setAttribute('aria-readonly', 'true')
    this.subject.readOnly = true
    byId('ws-toolbar').inert = true
    this.find?.close()
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

  /** The text cites the fact as it is now. What came of it is on the page when this ends. */
  private async updateFact(fact: Fact): Promise<string> {
    const error = await postCitationUpdate(this.page.urls.citation_update, fact.key, fact.revision ?? 0)
    await this.preview.load()
    return error
  }

  private goTo(block: string): void {
    this.preview.show(false)
    if (!goToBlock(this.editor, block)) byId('ws-text').focus()
  }

  private openAtom(block: string, name: 'mergeField' | 'citation' | 'lost'): void {
    this.goTo(block)
    this.atoms.openIn(block, name)
  }

  // ---- the government it is shown for ----------------------------------------------------------------------

  private memberName(code: string): string {
    return this.page.members.find((member) => member.code === code)?.name ?? ''
  }

  private showAs(): void {
    this.reader.member = this.shownAs.present.member ?? ''
    this.reader.memberName = this.memberName(this.reader.member)
    this.reader.renumber(this.editor.state.doc)
    this.reader.redraw()
    void this.evidence.load()
    void this.preview.load()
  }

  private redrawCounts(): void {
    const { doc } = this.editor.state
    byId('ws-counts').textContent = `${plural('words', countWords(doc))}${COMMA}${plural('notes', this.reader.countNotes(doc))}`
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
    this.reader.cite(answer.notes)
    this.reader.renumber(this.editor.state.doc)
    this.redrawCounts()
    this.reader.redraw()
  }

  private words(): string {
    return wordsOf(this.read(), this.reader)
  }
}
