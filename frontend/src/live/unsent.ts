/** The updates of this window that the server does not have yet, in the order they were made. */

import { mergeUpdates } from 'yjs'

import type { Kept } from './kept'

export interface Entry {
  update: Uint8Array
  /** where it is kept in this browser */
  key: Promise<number | null>
}

/** Keystrokes closer together than this count as one change. */
const ONE_CHANGE = 500
/** The server takes a megabyte at once. */
const MAX_AT_ONCE = 700_000

export class Unsent {
  private entries: Entry[] = []
  private lastAdded = 0
  /** when the oldest was made */
  since = 0
  /** how many changes they are, as a person would count them */
  changes = 0

  constructor(private readonly kept: Kept) {}

  get empty(): boolean {
    return this.entries.length === 0
  }

  /** Somebody typed. */
  add(update: Uint8Array): void {
    this.put({ update, key: this.kept.add(update) })
  }

  /** A window that is closed left it behind. */
  addKept(key: number, update: Uint8Array): void {
    this.put({ update, key: Promise.resolve(key) })
  }

  /** As many as one message may carry, the oldest first. */
  next(): Entry[] {
    let size = 0
    return this.entries.filter((entry, index) => {
      size += entry.update.length
      return index === 0 || size <= MAX_AT_ONCE
    })
  }

  /** The server has these. */
  done(sent: Entry[]): void {
    const gone = new Set(sent)
    this.entries = this.entries.filter((entry) => !gone.has(entry))
    this.changes = this.empty ? 0 : 1
    this.since = Date.now()
    void Promise.all(sent.map((entry) => entry.key)).then((keys) => this.kept.forget(keys))
    if (this.empty) void this.kept.forgetWords()
  }

  /** Forget all of them: the person has given them up. */
  async discard(): Promise<void> {
    const keys = await Promise.all(this.entries.map((entry) => entry.key))
    this.entries = []
    this.changes = 0
    await this.kept.forget(keys)
    await this.kept.forgetWords()
  }

  private put(entry: Entry): void {
    const now = Date.now()
    if (this.empty) this.since = now
    if (this.empty || now - this.lastAdded > ONE_CHANGE) this.changes += 1
    this.lastAdded = now
    this.entries.push(entry)
  }
}

/** Several updates as one. */
export function merged(entries: Entry[]): Uint8Array {
  return entries.length === 1 ? entries[0]!.update : mergeUpdates(entries.map((entry) => entry.update))
}
