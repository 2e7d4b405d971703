/**
 * This window's end of a text that several people write. Whatever way an update takes, it ends in the same service, which
 * merges. It is "unsent" until the server has said that the database has it, and is kept in this browser until then.
 * Sending one twice does no harm.
 */

import * as Y from 'yjs'

import { message } from '../messages'
import { Arrivals, REMOTE } from './arrivals'
import { fromBase64, toBase64 } from './base64'
import { Gaps } from './gaps'
import { Kept, type StoredEdits } from './kept'
import { Line } from './line'
import type { SessionOptions } from './options'
import { OrphanedWords } from './orphanedWords'
import { Presence } from './presence'
import type { Answer, Incoming } from './protocol'
import { replacedWords } from './replaced'
import { Sender } from './sender'
import { moment, SLOW_AFTER, statusOf, type Blocked } from './status'
import { Timers } from './timers'
import { Unsent, type Entry } from './unsent'

const KEEP_WORDS_AFTER = 1_000

export class Session {
  readonly doc: Y.Doc
  readonly presence: Presence
  readonly arrivals: Arrivals
  private readonly kept: Kept
  private readonly unsent: Unsent
  private readonly line: Line
  private readonly sender: Sender
  private readonly gaps: Gaps
  private readonly orphanedWords: OrphanedWords
  private readonly timers = new Timers()
  private blocked: Blocked | null = null
  private canEdit: boolean
  private savedAt: Date | null
  private waiting: ((saved: boolean) => void) | null = null

  constructor(private readonly options: SessionOptions) {
    this.doc = new Y.Doc({ guid: options.document, gc: false }) // see `OrphanedWords`, which reads what was deleted
    this.canEdit = options.canEdit
    this.savedAt = options.savedAt
    this.kept = new Kept(options.keptAs, options.document)
    this.kept.stored = () => this.refresh()
    this.unsent = new Unsent(this.kept)
    this.line = new Line({
      urls: options.urls,
      position: () => ({
        state: toBase64(Y.encodeStateVector(this.doc)),
        client: this.doc.clientID,
        document: options.document,
        rewritten: this.orphanedWords.rewritten,
      }),
      heard: (said) => this.hear(said),
      answered: (answer, carried) => this.answered(answer, carried),
      unsent: () => (this.may() ? this.unsent.next() : []),
      broke: () => this.broke(),
      changed: () => this.refresh(),
    })
    this.sender = new Sender(this.unsent, this.line, () => this.may())
    this.orphanedWords = new OrphanedWords(this.doc, this.body)
    this.arrivals = new Arrivals(options.composing, this.doc, this.orphanedWords)
    this.gaps = new Gaps(this.doc)
    this.presence = new Presence(this.doc, options.person, (update) => this.line.say({ type: 'awareness', update }))
    Y.applyUpdate(this.doc, fromBase64(options.state), REMOTE)
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === REMOTE || !this.canEdit) return
      this.stopWaiting(false)
      this.changed(update)
    })
  }

  get body(): Y.XmlFragment {
    return this.doc.getXmlFragment('body')
  }

  get subject(): Y.Text {
    return this.doc.getText('subject')
  }

  get unsaved(): boolean {
    return !this.unsent.empty
  }

  get editable(): boolean {
    return this.canEdit
  }

  /** Take up what an earlier window left behind, then connect. Returns what could not be taken up. */
  async start(): Promise<StoredEdits['rescue']> {
    const { updates, rescue } = await this.kept.load()
    const written = this.canEdit ? updates.map(({ update }) => update) : []
    for (const { key, update } of this.canEdit ? updates : []) {
      Y.applyUpdate(this.doc, update, REMOTE)
      this.unsent.addKept(key, update)
    }
    const replaced = replacedWords(this.doc, written)
    if (replaced) await this.kept.keepReplaced(replaced)
    this.line.connect()
    this.refresh()
    return replaced ? (await this.kept.load()).rescue : rescue
  }

  /** The window, the network or the session is back. */
  wake(): void {
    if (this.blocked?.kind === 'signed-out') this.blocked = null
    if (this.blocked) return
    this.line.wake()
    this.flush()
  }

  /** The network is gone, says the browser. */
  offline(): void {
    if (!this.blocked) this.line.lostNetwork()
  }

  /** The window is hidden, or closes: `closing`. What is unsent goes out while there is time. */
  leave(closing: boolean): void {
    if (this.unsaved) void this.kept.keepWords(this.options.words())
    this.sender.now()
    if (this.unsaved && this.canEdit && !this.blocked && (closing || !this.line.open)) void this.line.post(true)
    if (!closing) return
    this.presence.leave()
    this.line.close()
  }

  /** Try again, as the person asked for. */
  retry(): void {
    this.blocked = null
    this.wake()
    this.refresh()
  }

  /** True once everything is saved; false if it is refused or somebody goes on typing. */
  whenSaved(): Promise<boolean> {
    this.stopWaiting(false)
    this.flush()
    return new Promise((resolve) => (this.waiting = resolve))
  }

  private stopWaiting(saved: boolean): void {
    this.waiting?.(saved)
    this.waiting = null
  }

  /** Give up what is unsent. */
  discard(): Promise<void> {
    return this.unsent.discard()
  }

  forgetRescue(): void {
    void this.kept.forgetRescue()
  }

  // ---- what this window says ------------------------------------------------------------------------------------

  private changed(update: Uint8Array): void {
    this.unsent.add(update)
    if (this.blocked?.kind === 'refused') this.blocked = null // it may be right now
    this.timers.set('slow', SLOW_AFTER, () => this.refresh())
    this.timers.set('words', KEEP_WORDS_AFTER, () => {
      if (this.unsaved) void this.kept.keepWords(this.options.words())
    })
    this.refresh()
    this.flush()
  }

  private flush(): void {
    if (!this.canEdit || this.unsent.empty || this.blocked) return
    if (this.line.open) this.sender.soon()
    else this.line.carry()
  }

  /** Whether the server takes edits now. */
  private may(): boolean {
    return this.canEdit && !this.blocked && !this.gaps.incomplete
  }

  // ---- what the server says -------------------------------------------------------------------------------------

  private hear(said: Incoming): void {
    switch (said.type) {
      case 'welcome':
        return this.welcome(said)
      case 'saved': {
        const carried = this.sender.carriedBy(said.id)
        if (!carried) return
        this.sender.landed()
        this.acknowledged(carried, said.sequence, said.at)
        return this.arrivals.take('', said.orphaned)
      }
      case 'update':
        return this.arrivals.take(said.update)
      case 'missing':
        this.arrivals.take(said.update)
        return this.compare(said.state, 2)
      case 'awareness':
        return this.presence.hear(said.update)
      case 'text':
        this.savedAt = moment(said.saved_at) ?? this.savedAt
        return this.refresh()
      case 'refused':
        return said.reset ? this.block({ kind: 'refused', changes: 0, reason: said.error }) : this.missed(said.error)
      default:
        return this.stop(said.error)
    }
  }

  private welcome(said: Extract<Incoming, { type: 'welcome' }>): void {
    if (this.begunAnew(said.document)) return
    this.sender.landed()
    this.arrivals.take(said.update, said.orphaned)
    this.presence.met()
    if (!said.can_edit) this.makeReadOnly()
    this.compare(said.state, 1)
    this.flush()
    this.refresh()
  }

  /** A request was answered. */
  private answered(answer: Answer, carried: Entry[]): void {
    if (answer.kind === 'lost') return
    if (answer.kind === 'stopped') return this.stop(answer.error)
    if (answer.kind === 'signed-out') return this.block({ kind: 'signed-out', changes: 0, reason: answer.error })
    if (answer.kind === 'incomplete') return this.missed(answer.error)
    if (answer.kind === 'refused') return this.block({ kind: 'refused', changes: 0, reason: answer.error })
    if (this.begunAnew(answer.document)) return
    this.arrivals.take(answer.update, answer.orphaned)
    if (!answer.canEdit) this.makeReadOnly()
    if (carried.length) this.acknowledged(carried, answer.sequence, answer.at)
    else this.compare(answer.state, 1)
    this.refresh()
  }

  /** The server has said what it has: it gets again what it lacks. `times`: see `Gaps`. */
  private compare(state: string, times: number): void {
    if (!this.canEdit || this.blocked) return
    const lacking = this.gaps.fill(state) ?? (this.unsaved ? null : this.gaps.forgotten(state, times))
    if (lacking) this.changed(lacking)
  }

  private missed(reason: string): void {
    this.sender.landed()
    if (!this.gaps.missed()) return this.block({ kind: 'refused', changes: 0, reason })
    if (this.line.open) this.line.askState()
    else this.line.carry()
  }

  private acknowledged(entries: Entry[], sequence: number, at: string): void {
    this.unsent.done(entries)
    this.gaps.closed()
    this.savedAt = moment(at) ?? new Date()
    this.options.saved(sequence)
    this.flush()
    this.refresh()
    if (!this.unsaved) this.stopWaiting(true)
  }

  private broke(): void {
    this.sender.landed()
    this.presence.lost()
  }

  /** The server's document is another one: this one cannot be merged into it. */
  private begunAnew(document: string | undefined): boolean {
    if (!document || document === this.options.document) return false
    this.block({ kind: 'begun-anew', changes: 0, reason: message('begun-anew') })
    return true
  }

  private stop(reason: string): void {
    this.block({ kind: 'stopped', changes: 0, reason })
    this.makeReadOnly()
  }

  private makeReadOnly(): void {
    if (this.canEdit) this.options.readOnly()
    this.canEdit = false
  }

  private block(status: Blocked): void {
    this.sender.landed()
    this.stopWaiting(false)
    this.blocked = status
    if (status.kind !== 'refused') this.line.close()
    this.refresh()
  }

  // ---- what the page says ---------------------------------------------------------------------------------------

  private refresh(): void {
    this.options.slow(this.line.slow)
    if ((this.blocked || this.line.silent) && this.kept.storing) return // says "kept here" of what is, a moment later
    this.options.show(statusOf(this.blocked, this.line.silent, this.unsent, this.kept.safe, this.savedAt))
  }
}
