/** What others wrote, on its way into the document. While somebody composes a character the text must not move: it waits. */

import * as Y from 'yjs'

import { fromBase64 } from './base64'
import type { UnseenWords } from './unseenWords'
import { Timers } from './timers'

/** The origin of everything that comes from elsewhere. */
export const REMOTE = 'remote'

const HOLD_AT_MOST = 5_000

export class Arrivals {
  private readonly timers = new Timers()
  private held: Uint8Array[] = []
  private heldUntil: number | null = null
  private heldSince = 0

  constructor(private readonly composing: () => boolean, private readonly unseenWords: UnseenWords) {}

  /** `number`: the last of the server's changes in it, where it says so. */
  take(update: string, number: number | null = null): void {
    if (!update) return
    const bytes = fromBase64(update)
    if (!this.composing()) {
      this.release()
      this.unseenWords.apply(bytes, REMOTE, number)
      return
    }
    if (!this.held.length) this.heldSince = Date.now()
    this.held.push(bytes)
    this.heldUntil = number ?? this.heldUntil
    this.timers.set('hold', Math.max(0, this.heldSince + HOLD_AT_MOST - Date.now()), () => this.release())
  }

  /** The character is composed: what waits may come. */
  release(): void {
    this.timers.cancel('hold')
    if (!this.held.length) return
    const updates = this.held
    this.held = []
    this.unseenWords.apply(Y.mergeUpdates(updates), REMOTE, this.heldUntil)
  }
}
