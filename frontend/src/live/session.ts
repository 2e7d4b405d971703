/**
 * This window's end of a text that several people write. Whatever way an update takes, it ends in the same service, which
 * merges. It is "unsent" until the server has said that the database has it, and is kept in this browser until then.
 * Sending one twice does no harm.
 */

import * as Y from 'yjs'

import { message } from '../messages'
import { fromBase64, toBase64 } from './base64'
import { Kept, type Leftover } from './kept'
import { Line } from './line'
import { Presence } from './presence'
import type { Answer, Incoming, Person } from './protocol'
import type { Blocked, Status } from './status'
import { Timers } from './timers'
import { merged, Unsent, type Entry } from './unsent'

export interface SessionOptions {
  urls: { live: string; updates: string }
  document: string
  /** the whole document as the page was sent */
  state: string
  savedAt: Date | null
  person: Person
  canEdit: boolean
  /** the name under which unsent text is kept in this browser */
  keptAs: string
  /** the words of the text, as a person would copy them */
  words: () => string
  show: (status: Status) => void
  /** the text takes no more edits of this person */
  readOnly: () => void
  /** the server has everything up to this number */
  saved: (sequence: number) => void
  /** over plain HTTP, which is slower */
  slow: (slow: boolean) => void
  /** somebody composes a character: the text must not move meanwhile */
  composing: () => boolean
}

/** The origin of everything that comes from elsewhere. */
export const REMOTE = 'remote'

const SEND_EVERY = 250
const ACKNOWLEDGED_WITHIN = 10_000
const SLOW_AFTER = 1_000
const KEEP_WORDS_AFTER = 1_000
const HOLD_AT_MOST = 5_000
const MISSED_AT_MOST = 3

export class Session {
  readonly doc: Y.Doc
  readonly presence: Presence
  private readonly kept: Kept
  private readonly unsent: Unsent
  private readonly line: Line
  private readonly timers = new Timers()
  private inFlight: { id: number; entries: Entry[] } | null = null
  private lastId = 0
  private lastSent = 0
  private blocked: Blocked | null = null
  private canEdit: boolean
  private savedAt: Date | null
  private lacked = 0
  /** the server misses an earlier update, so it gets all that it lacks; `missedTimes`: how often in a row */
  private incomplete = false
  private missedTimes = 0
  private held: Uint8Array[] = []
  private heldSince = 0
  private waiting: (() => void) | null = null

  constructor(private readonly options: SessionOptions) {
    this.doc = new Y.Doc({ guid: options.document })
    this.canEdit = options.canEdit
    this.savedAt = options.savedAt
    this.kept = new Kept(options.keptAs, options.document)
    this.unsent = new Unsent(this.kept)
    this.line = new Line({
      urls: options.urls,
      position: () => ({ state: this.state(), client: this.doc.clientID, document: options.document }),
      heard: (said) => this.hear(said),
      answered: (answer, carried) => this.answered(answer, carried),
      unsent: () => (this.canEdit && !this.blocked && !this.incomplete ? this.unsent.next() : []),
      broke: () => this.broke(),
      changed: () => this.refresh(),
    })
    this.presence = new Presence(this.doc, options.person, (update) => this.line.say({ type: 'awareness', update }))
    Y.applyUpdate(this.doc, fromBase64(options.state), REMOTE)
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== REMOTE && this.canEdit) this.changed(update)
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
  async start(): Promise<Leftover['rescue']> {
    const { updates, rescue } = await this.kept.leftover()
    for (const { key, update } of this.canEdit ? updates : []) {
      Y.applyUpdate(this.doc, update, REMOTE)
      this.unsent.addKept(key, update)
    }
    this.line.connect()
    this.refresh()
    return rescue
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
    this.send()
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

  /** Call `then` once everything is saved, or never if saving fails. */
  whenSaved(then: () => void): void {
    this.waiting = then
    this.flush()
  }

  /** Give up what is unsent. */
  discard(): Promise<void> {
    return this.unsent.discard()
  }

  forgetRescue(): void {
    void this.kept.forgetRescue()
  }

  /** The character is composed: what others wrote meanwhile may come. */
  release(): void {
    this.timers.cancel('hold')
    if (!this.held.length) return
    const updates = this.held
    this.held = []
    Y.applyUpdate(this.doc, Y.mergeUpdates(updates), REMOTE)
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
    if (!this.line.open) this.line.carry()
    else this.timers.set('send', Math.max(0, this.lastSent + SEND_EVERY - Date.now()), () => this.send())
  }

  private send(): void {
    this.timers.cancel('send')
    if (this.inFlight || this.unsent.empty || !this.canEdit || !this.line.open || this.blocked || this.incomplete) return
    this.lastId += 1
    this.lastSent = Date.now()
    this.inFlight = { id: this.lastId, entries: this.unsent.next() }
    this.line.say({ type: 'update', id: this.lastId, update: toBase64(merged(this.inFlight.entries)) })
    this.timers.set('acknowledged', ACKNOWLEDGED_WITHIN, () => this.line.drop())
  }

  private state(): string {
    return toBase64(Y.encodeStateVector(this.doc))
  }

  // ---- what the server says -------------------------------------------------------------------------------------

  private hear(said: Incoming): void {
    switch (said.type) {
      case 'welcome':
        return this.welcome(said)
      case 'saved':
        if (this.inFlight?.id === said.id) this.acknowledged(this.inFlight.entries, said.sequence, said.at)
        return
      case 'update':
        return this.receive(said.update)
      case 'missing':
        this.receive(said.update)
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
    this.landed()
    this.receive(said.update)
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
    this.receive(answer.update)
    if (!answer.canEdit) this.makeReadOnly()
    if (carried.length) this.acknowledged(carried, answer.sequence, answer.at)
    else this.compare(answer.state, 1)
    this.refresh()
  }

  private receive(update: string): void {
    if (!update) return
    const bytes = fromBase64(update)
    if (!this.options.composing()) {
      this.release()
      Y.applyUpdate(this.doc, bytes, REMOTE)
      return
    }
    if (!this.held.length) this.heldSince = Date.now()
    this.held.push(bytes)
    this.timers.set('hold', Math.max(0, this.heldSince + HOLD_AT_MOST - Date.now()), () => this.release())
  }

  /** Where the server lacks what it has acknowledged, as after a restored backup, it gets it again; `times`: after how
   * many such states, because one may be older than an update that came past it. */
  private compare(state: string, times: number): void {
    if (!this.canEdit || this.blocked) return
    if (this.incomplete) return this.complete(state)
    if (this.unsaved) return
    const mine = this.doc.clientID
    const theirs = Y.decodeStateVector(fromBase64(state))
    const ours = Y.decodeStateVector(Y.encodeStateVector(this.doc))
    const known = theirs.get(mine) ?? 0
    this.lacked = (ours.get(mine) ?? 0) > known ? this.lacked + 1 : 0
    if (this.lacked < times) return
    this.lacked = 0
    this.changed(Y.encodeStateAsUpdate(this.doc, Y.encodeStateVector(ours.set(mine, known))))
  }

  /** The server lacks what an update builds on, as when this browser lost some of what it kept. */
  private missed(reason: string): void {
    this.landed()
    this.missedTimes += 1
    this.incomplete = this.missedTimes <= MISSED_AT_MOST
    if (!this.incomplete) return this.block({ kind: 'refused', changes: 0, reason })
    if (this.line.open) this.line.askState()
    else this.line.carry()
  }

  private complete(state: string): void {
    this.incomplete = false
    this.changed(Y.encodeStateAsUpdate(this.doc, fromBase64(state)))
  }

  private acknowledged(entries: Entry[], sequence: number, at: string): void {
    if (this.inFlight?.entries === entries) this.landed()
    this.unsent.done(entries)
    this.missedTimes = 0
    this.savedAt = moment(at) ?? new Date()
    this.options.saved(sequence)
    this.flush()
    this.refresh()
    if (this.unsaved) return
    this.waiting?.()
    this.waiting = null
  }

  private landed(): void {
    this.inFlight = null
    this.timers.cancel('acknowledged')
  }

  private broke(): void {
    this.landed()
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
    this.landed()
    this.waiting = null
    this.blocked = status
    if (status.kind !== 'refused') this.line.close()
    this.refresh()
  }

  // ---- what the page says ---------------------------------------------------------------------------------------

  private refresh(): void {
    this.options.slow(this.line.slow)
    this.options.show(this.status())
  }

  private status(): Status {
    const { changes } = this.unsent
    const { silent } = this.line
    if (this.blocked) return { ...this.blocked, changes }
    if (silent) return { kind: 'offline', changes, server: silent.server, kept: !this.kept.broken }
    if (this.unsent.empty) return { kind: 'saved', at: this.savedAt }
    return Date.now() - this.unsent.since < SLOW_AFTER ? { kind: 'waiting' } : { kind: 'saving' }
  }
}

function moment(value: string): Date | null {
  const date = new Date(value)
  return Number.isNaN(date.getTime()) ? null : date
}
