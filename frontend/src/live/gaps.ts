/** What the server turns out to lack though it was sent once, and gets again. */

import * as Y from 'yjs'

import { fromBase64 } from './base64'

const MISSED_AT_MOST = 3

export class Gaps {
  /** the server misses an earlier update, so it gets all that it lacks before anything else */
  incomplete = false
  /** how often in a row it missed one */
  private missedTimes = 0
  private lacked = 0

  constructor(private readonly doc: Y.Doc) {}

  /** It lacks what an update builds on, as when this browser lost some of what it kept. False if it says so again and
   * again, though it gets all. */
  missed(): boolean {
    this.missedTimes += 1
    this.incomplete = this.missedTimes <= MISSED_AT_MOST
    return this.incomplete
  }

  /** It has what it was sent. */
  closed(): void {
    this.missedTimes = 0
  }

  /** What to send it again, now that it has said what it has; null where it lacks nothing. */
  fill(state: string): Uint8Array | null {
    if (!this.incomplete) return null
    this.incomplete = false
    return Y.encodeStateAsUpdate(this.doc, fromBase64(state))
  }

  /** This window's own edits that it lacks though it acknowledged them, as after a restored backup; null where it has
   * them. `times`: after how many such states, because one may be older than an update that came past it. */
  forgotten(state: string, times: number): Uint8Array | null {
    const mine = this.doc.clientID
    const ours = Y.decodeStateVector(Y.encodeStateVector(this.doc))
    const known = Y.decodeStateVector(fromBase64(state)).get(mine) ?? 0
    this.lacked = (ours.get(mine) ?? 0) > known ? this.lacked + 1 : 0
    if (this.lacked < times) return null
    this.lacked = 0
    return Y.encodeStateAsUpdate(this.doc, Y.encodeStateVector(ours.set(mine, known)))
  }
}
