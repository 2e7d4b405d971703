/** Sends what is unsent over the socket: one message at a time, and the next one when the server has it. */

import { onSlowLine } from '../api'
import { toBase64 } from './base64'
import type { Line } from './line'
import { Timers } from './timers'
import { merged, type Entry, type Unsent } from './unsent'

const SEND_EVERY = 250
const ACKNOWLEDGED_WITHIN = 10_000

export class Sender {
  private readonly timers = new Timers()
  private inFlight: { id: number; entries: Entry[] } | null = null
  private lastId = 0
  private lastSent = 0

  /** `may`: whether the server takes edits now. */
  constructor(private readonly unsent: Unsent, private readonly line: Line, private readonly may: () => boolean) {}

  soon(): void {
    this.timers.set('send', Math.max(0, this.lastSent + SEND_EVERY - Date.now()), () => this.now())
  }

  now(): void {
    this.timers.cancel('send')
    if (this.inFlight || this.unsent.empty || !this.line.open || !this.may()) return
    this.lastId += 1
    this.lastSent = Date.now()
    this.inFlight = { id: this.lastId, entries: this.unsent.next() }
    const update = toBase64(merged(this.inFlight.entries))
    this.line.say({ type: 'update', id: this.lastId, update })
    this.timers.set('acknowledged', ACKNOWLEDGED_WITHIN + onSlowLine(update.length), () => this.line.drop())
  }

  /** What the message with this number carried; null of one that is not under way. */
  carriedBy(id: number): Entry[] | null {
    return this.inFlight?.id === id ? this.inFlight.entries : null
  }

  /** The message under way has arrived, or never will. */
  landed(): void {
    this.inFlight = null
    this.timers.cancel('acknowledged')
  }
}
