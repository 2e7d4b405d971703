/**
 * Saving as one types. One request at a time, each naming the revision it started from; "saved" is said only when
 * the database has it; nothing typed is ever thrown away, and nothing of another person's is ever written over.
 */

import { sameText, type Snapshot } from './contract'

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

export interface Wiring {
  put: (revision: number, text: Snapshot) => Promise<Answer>
  /** what the server has now, or null where it cannot be asked */
  get: () => Promise<(Snapshot & { revision: number }) | null>
  read: () => Snapshot
  show: (status: Status) => void
  saved: (answer: Record<string, unknown>) => void
  keep: (revision: number, text: Snapshot, changes: number) => void
  forget: () => void
}

const PAUSE = 800 // after the last key
const PATIENCE = 2_500 // the longest that typing puts a save off
const SLOW = 1_000 // after which "Saving…" is said
const ONE_CHANGE = 500 // keys closer together than this count as one change
const KEEP = 250
const RETRY = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000]

export class Saver {
  private changes = 0
  private generation = 0
  private savedGeneration = 0
  private firstUnsaved = 0
  private lastKey = 0
  private busy = false
  private tries = 0
  private serverSilent = false
  private timer = 0
  private slowTimer = 0
  private keepTimer = 0
  /** what was sent when an answer got lost: the server may have it */
  private lost: Snapshot | null = null
  private blocked: Status | null = null
  private waiting: (() => void) | null = null

  constructor(
    private readonly wiring: Wiring,
    private revision: number,
    private savedAt: Date | null,
  ) {}

  get unsaved(): boolean {
    return this.generation !== this.savedGeneration
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
    this.generation += 1
    window.clearTimeout(this.keepTimer)
    this.keepTimer = window.setTimeout(() => this.keep(), KEEP)
    if (this.blocked?.kind === 'conflict' || this.blocked?.kind === 'signed-out') {
      this.block({ ...this.blocked, changes: this.changes })
    } else if (this.tries > 0) {
      this.wiring.show({ kind: 'offline', changes: this.changes, server: this.serverSilent })
    } else {
      this.blocked = null
      if (!this.slowTimer) {
        this.wiring.show({ kind: 'waiting' })
        this.sayWhenSlow()
      }
      this.schedule(Math.min(PAUSE, Math.max(0, this.firstUnsaved + PATIENCE - now)))
    }
  }

  /** Save now: the window is about to go, the network is back, somebody pressed "Try again". */
  flush(): void {
    if (this.blocked?.kind === 'conflict') return
    this.blocked = null
    if (this.unsaved) this.schedule(0)
  }

  /** Call this once, when everything typed is in the database; not at all where saving fails. */
  whenSaved(then: () => void): void {
    this.waiting = then
  }

  /** Write what was typed into the browser's own store at once. */
  keep(): void {
    window.clearTimeout(this.keepTimer)
    if (this.unsaved) this.wiring.keep(this.revision, this.wiring.read(), this.changes)
  }

  /** A person has read the text of `revision` and wants theirs to follow it. */
  followUp(revision: number): void {
    this.revision = revision
    this.blocked = null
    this.tries = 0
    this.lost = null
    if (!this.unsaved) this.generation += 1
    this.schedule(0)
  }

  /** The editor now shows what the server has. */
  adopt(revision: number, savedAt: Date | null): void {
    this.revision = revision
    this.savedAt = savedAt
    this.blocked = null
    this.lost = null
    this.settle()
    this.wiring.show({ kind: 'saved', at: savedAt })
  }

  private schedule(delay: number): void {
    window.clearTimeout(this.timer)
    this.timer = window.setTimeout(() => void this.save(), delay)
  }

  private sayWhenSlow(): void {
    window.clearTimeout(this.slowTimer)
    this.slowTimer = window.setTimeout(() => {
      if (this.unsaved && !this.blocked && this.tries === 0) this.wiring.show({ kind: 'saving' })
    }, SLOW)
  }

  private async save(): Promise<void> {
    if (this.busy || this.blocked || !this.unsaved) return
    this.busy = true
    const sent = this.generation
    const text = this.wiring.read()
    const answer = await this.wiring.put(this.revision, text)
    this.busy = false
    await this.take(answer, sent, text)
  }

  private async take(answer: Answer, sent: number, text: Snapshot): Promise<void> {
    if (answer.kind === 'saved') return this.takeSaved(answer, sent)
    if (answer.kind === 'lost') return this.takeLost(answer.server, text)
    this.tries = 0
    if (answer.kind === 'conflict') {
      if (await this.wasOurs(answer)) return this.schedule(0)
      this.keep()
      return this.block({ kind: 'conflict', changes: this.changes, theirs: answer })
    }
    this.keep()
    this.block({ ...answer, changes: this.changes })
  }

  private takeSaved(answer: Saved, sent: number): void {
    this.revision = answer.revision
    this.savedAt = answer.savedAt
    this.savedGeneration = sent
    this.tries = 0
    this.lost = null
    this.wiring.show({ kind: 'saved', at: this.savedAt })
    if (this.unsaved) {
      this.changes = 1
      this.firstUnsaved = Date.now()
      this.wiring.show({ kind: 'waiting' })
      this.sayWhenSlow()
      this.schedule(PAUSE)
    } else {
      this.settle()
    }
    this.wiring.saved(answer.answer)
    if (!this.unsaved) {
      this.waiting?.()
      this.waiting = null
    }
  }

  /** No answer came: the server may have the text or not, and the next answer tells. */
  private takeLost(server: boolean, text: Snapshot): void {
    this.lost = text
    this.serverSilent = server
    this.keep()
    const delay = RETRY[Math.min(this.tries, RETRY.length - 1)] ?? 30_000
    this.tries += 1
    this.wiring.show({ kind: 'offline', changes: this.changes, server })
    this.schedule(delay * (0.8 + Math.random() * 0.4))
  }

  /** A conflict with oneself: the save whose answer was lost had arrived. */
  private async wasOurs(conflict: Conflict): Promise<boolean> {
    if (!this.lost) return false
    const there = await this.wiring.get()
    if (!there || there.revision !== conflict.revision || !sameText(there, this.lost)) return false
    this.revision = there.revision
    this.lost = null
    if (sameText(there, this.wiring.read())) this.adopt(there.revision, conflict.savedAt)
    return true
  }

  private block(status: Status): void {
    this.waiting = null
    this.blocked = status
    this.wiring.show(status)
  }

  private settle(): void {
    this.savedGeneration = this.generation
    this.changes = 0
    this.tries = 0
    window.clearTimeout(this.timer)
    window.clearTimeout(this.keepTimer)
    window.clearTimeout(this.slowTimer)
    this.slowTimer = 0
    this.wiring.forget()
  }
}
