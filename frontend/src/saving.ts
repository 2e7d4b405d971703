/**
 * Autosave. One request at a time, each with the revision it started from. The page says "saved" only when the server
 * has stored the text; nothing typed is discarded, and another person's changes are never overwritten.
 */

import { sameText, type Snapshot } from './letterDocument'

export interface Saved {
  kind: 'saved'
  revision: number
  savedAt: Date
  answer: Record<string, unknown>
}
export interface Conflict {
  kind: 'conflict'
  revision: number
  savedBy: string
  savedAt: Date | null
}
export interface Refused {
  kind: 'refused'
  reason: string
  path: string
}
export type Answer = Saved | Conflict | Refused | { kind: 'signed-out'; reason: string } | { kind: 'lost'; server: boolean }

export type Status =
  | { kind: 'saved'; at: Date | null }
  | { kind: 'waiting' }
  | { kind: 'saving' }
  | { kind: 'offline'; changes: number; server: boolean }
  | { kind: 'conflict'; changes: number; theirs: Conflict }
  | { kind: 'refused'; changes: number; reason: string; path: string }
  | { kind: 'signed-out'; changes: number; reason: string }

export interface SaverOptions {
  put: (revision: number, text: Snapshot, leaving: boolean) => Promise<Answer>
  /** what the server has now, or null if it does not respond */
  get: () => Promise<(Snapshot & { revision: number }) | null>
  read: () => Snapshot
  show: (status: Status) => void
  saved: (answer: Record<string, unknown>) => void
  keep: (revision: number, text: Snapshot, changes: number) => void
  forget: () => void
}

const DEBOUNCE = 800 // after the last keystroke
const MAX_DELAY = 2_500 // typing delays a save no longer than this
const SLOW_AFTER = 1_000 // then the page says "Saving…"
const ONE_CHANGE = 500 // keystrokes closer together than this count as one change
const DRAFT_DELAY = 250
const RETRY = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000]

export class Saver {
  private changes = 0
  private edits = 0
  private savedEdits = 0
  private firstUnsaved = 0
  private lastKey = 0
  private busy = false
  private tries = 0
  private serverSilent = false
  private timer = 0
  private slowTimer = 0
  private keepTimer = 0
  /** the texts of requests whose responses were lost: the server may have stored any of them */
  private lost: Snapshot[] = []
  private blocked: Status | null = null
  private waiting: (() => void) | null = null

  constructor(
    private readonly options: SaverOptions,
    private revision: number,
    private savedAt: Date | null,
  ) {}

  get unsaved(): boolean {
    return this.edits !== this.savedEdits
  }

  get base(): number {
    return this.revision
  }

  get conflict(): Conflict | null {
    return this.blocked?.kind === 'conflict' ? this.blocked.theirs : null
  }

  /** The text was changed. */
  changed(): void {
    const now = Date.now()
    if (!this.unsaved) this.firstUnsaved = now
    if (now - this.lastKey > ONE_CHANGE || this.changes === 0) this.changes += 1
    this.lastKey = now
    this.edits += 1
    window.clearTimeout(this.keepTimer)
    this.keepTimer = window.setTimeout(() => this.keep(), DRAFT_DELAY)
    if (this.blocked?.kind === 'conflict' || this.blocked?.kind === 'signed-out') {
      this.block({ ...this.blocked, changes: this.changes })
    } else if (this.tries > 0) {
      this.options.show({ kind: 'offline', changes: this.changes, server: this.serverSilent })
    } else {
      this.blocked = null
      if (!this.slowTimer) {
        this.options.show({ kind: 'waiting' })
        this.sayWhenSlow()
      }
      this.schedule(Math.min(DEBOUNCE, Math.max(0, this.firstUnsaved + MAX_DELAY - now)))
    }
  }

  /** Save now: the window or the network is back, or the person asked for it. */
  flush(): void {
    if (this.blocked?.kind === 'conflict') return
    this.blocked = null
    if (this.unsaved) this.schedule(0)
  }

  /** The window is being hidden or closed: store the unsaved text here, and send it while there is time. */
  leave(): void {
    this.keep()
    if (this.blocked?.kind === 'conflict') return
    this.blocked = null
    void this.save(true)
  }

  /** Call `then` once everything is saved, or never if saving fails. */
  whenSaved(then: () => void): void {
    this.waiting = then
  }

  /** Store the unsaved text in the browser at once. */
  keep(): void {
    window.clearTimeout(this.keepTimer)
    if (this.unsaved) this.options.keep(this.revision, this.options.read(), this.changes)
  }

  /** The person has read the text of `revision` and wants their own to replace it. */
  followUp(revision: number): void {
    this.revision = revision
    this.blocked = null
    this.tries = 0
    this.lost = []
    if (!this.unsaved) this.edits += 1
    this.schedule(0)
  }

  /** The editor now shows what the server has. */
  adopt(revision: number, savedAt: Date | null): void {
    this.revision = revision
    this.savedAt = savedAt
    this.blocked = null
    this.lost = []
    this.settle()
    this.options.show({ kind: 'saved', at: savedAt })
  }

  private schedule(delay: number): void {
    window.clearTimeout(this.timer)
    this.timer = window.setTimeout(() => void this.save(), delay)
  }

  private sayWhenSlow(): void {
    window.clearTimeout(this.slowTimer)
    this.slowTimer = window.setTimeout(() => {
      if (this.unsaved && !this.blocked && this.tries === 0) this.options.show({ kind: 'saving' })
    }, SLOW_AFTER)
  }

  private async save(leaving = false): Promise<void> {
    if (this.busy || this.blocked || !this.unsaved) return
    this.busy = true
    const sent = this.edits
    const text = this.options.read()
    const answer = await this.options.put(this.revision, text, leaving)
    this.busy = false
    await this.handleResponse(answer, sent, text)
  }

  private async handleResponse(answer: Answer, sent: number, text: Snapshot): Promise<void> {
    if (answer.kind === 'saved') return this.handleSaved(answer, sent)
    if (answer.kind === 'lost') return this.handleLost(answer.server, text)
    this.tries = 0
    if (answer.kind === 'conflict') {
      if (await this.isOwnLostSave(answer)) return this.schedule(0)
      this.keep()
      return this.block({ kind: 'conflict', changes: this.changes, theirs: answer })
    }
    this.keep()
    this.block({ ...answer, changes: this.changes })
  }

  private handleSaved(answer: Saved, sent: number): void {
    this.revision = answer.revision
    this.savedAt = answer.savedAt
    this.savedEdits = sent
    this.tries = 0
    this.lost = []
    this.options.show({ kind: 'saved', at: this.savedAt })
    if (this.unsaved) {
      this.changes = 1
      this.firstUnsaved = Date.now()
      this.options.show({ kind: 'waiting' })
      this.sayWhenSlow()
      this.schedule(DEBOUNCE)
    } else {
      this.settle()
    }
    this.options.saved(answer.answer)
    if (!this.unsaved) {
      this.waiting?.()
      this.waiting = null
    }
  }

  /** No response came: the server may have the text or not, and the next response will show. */
  private handleLost(server: boolean, text: Snapshot): void {
    if (!this.lost.some((each) => sameText(each, text))) this.lost.push(text)
    this.serverSilent = server
    this.keep()
    const delay = RETRY[Math.min(this.tries, RETRY.length - 1)] ?? 30_000
    this.tries += 1
    this.options.show({ kind: 'offline', changes: this.changes, server })
    this.schedule(delay * (0.8 + Math.random() * 0.4))
  }

  /** Whether the conflict is with our own save, whose response was lost. */
  private async isOwnLostSave(conflict: Conflict): Promise<boolean> {
    if (this.lost.length === 0) return false
    const there = await this.options.get()
    if (!there || there.revision !== conflict.revision || !this.lost.some((each) => sameText(there, each))) return false
    this.revision = there.revision
    this.lost = []
    if (sameText(there, this.options.read())) this.adopt(there.revision, conflict.savedAt)
    return true
  }

  private block(status: Status): void {
    this.waiting = null
    this.blocked = status
    this.options.show(status)
  }

  private settle(): void {
    this.savedEdits = this.edits
    this.changes = 0
    this.tries = 0
    window.clearTimeout(this.timer)
    window.clearTimeout(this.keepTimer)
    window.clearTimeout(this.slowTimer)
    this.slowTimer = 0
    this.options.forget()
  }
}
