/** What others wrote, on its way into the document. While somebody composes a character the text must not move: it waits. */

import * as Y from 'yjs'

import { fromBase64 } from './base64'
import type { OrphanedWords, Orphans } from './orphanedWords'
import { Timers } from './timers'

/** The origin of everything that comes from elsewhere. */
export const REMOTE = 'remote'

const HOLD_AT_MOST = 5_000

export class Arrivals {
  private readonly timers = new Timers()
  private held: Uint8Array[] = []
  private heldSince = 0

  constructor(private readonly composing: () => boolean, private readonly doc: Y.Doc, private readonly orphanedWords: OrphanedWords) {}

  /** An update; and words to write again. */
  take(update: string, orphaned: Orphans[] = []): void {
    this.heldSince ||= Date.now()
    if (update) this.held.push(fromBase64(update))
    this.orphanedWords.hear(orphaned)
    if (!this.composing()) return this.release()
    this.timers.set('hold', this.heldSince + HOLD_AT_MOST - Date.now(), () => this.release())
  }

  /** The character is composed: what waits may come. */
  release(): void {
    this.timers.cancel('hold')
    const updates = this.held
    this.held = []
    this.heldSince = 0
    if (updates.length) Y.applyUpdate(this.doc, Y.mergeUpdates(updates), REMOTE)
    this.orphanedWords.write()
  }
}
