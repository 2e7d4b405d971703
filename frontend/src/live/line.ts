/**
 * The way to the server: a socket, and plain HTTP while there is none, because a proxy swallows sockets or the server
 * starts again. It knows when it is broken and mends itself; what is said over it, the session knows.
 */

import { postUpdates } from '../api'
import { toBase64 } from './base64'
import type { Answer, Incoming, Outgoing, Position } from './protocol'
import { LiveSocket, socketAddress } from './socket'
import { Timers } from './timers'
import { merged, type Entry } from './unsent'

export interface LineOptions {
  urls: { live: string; updates: string }
  /** what this window has, for a greeting or a request */
  position: () => Position
  heard: (message: Incoming) => void
  /** the server answered a request that carried these */
  answered: (answer: Answer, carried: Entry[]) => void
  /** what a request should carry */
  unsent: () => Entry[]
  broke: () => void
  /** what `silent` and `slow` say has changed */
  changed: () => void
}

const BEAT = 5_000
const ANSWERS_WITHIN = 3_000
const POST_AFTER = 250
const POST_EVERY = 1_000
const POLL = { visible: 3_000, hidden: 15_000 }
const RETRY = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000]
/** After so many broken sockets it is left to plain HTTP, and tried again every minute. */
const BREAKS = 3
const TRY_AGAIN = 60_000

export class Line {
  private socket: LiveSocket | null = null
  private readonly timers = new Timers()
  private breaks = 0
  private posting = false
  private lastPost = 0
  private losses = 0
  private closed = false
  /** nothing reaches the server; `server`: it answers, but not with what was asked */
  silent: { server: boolean } | null = null

  constructor(private readonly options: LineOptions) {
    window.setInterval(() => this.beat(), BEAT)
  }

  /** The socket stands. */
  get open(): boolean {
    return this.socket?.welcomed === true
  }

  /** It goes over plain HTTP, and will for a while. */
  get slow(): boolean {
    return !this.open && !this.silent && this.breaks >= BREAKS
  }

  connect(): void {
    this.timers.cancel('connect')
    if (this.socket || this.closed) return
    if (!this.options.urls.live) {
      this.breaks = BREAKS
      return this.postSoon(0)
    }
    try {
      this.socket = new LiveSocket(socketAddress(this.options.urls.live), {
        hello: () => ({ type: 'hello', ...this.options.position() }),
        heard: (message) => this.hear(message),
        broke: (code) => this.broke(code),
      })
    } catch {
      this.broke(0)
    }
  }

  say(message: Outgoing): void {
    this.socket?.send(message)
  }

  askState(): void {
    this.say({ type: 'state', state: this.options.position().state })
  }

  /** The window or the network is back: nothing waits for a timer that may have been frozen. */
  wake(): void {
    this.closed = false
    if (!this.open) {
      this.connect()
      return this.postSoon(0)
    }
    const asked = Date.now()
    this.askState()
    this.timers.set('answer', ANSWERS_WITHIN + (this.socket?.patience ?? 0), () => {
      if (this.socket && this.socket.heardAt < asked) this.socket.drop()
    })
  }

  /** The network is gone, says the browser. */
  lostNetwork(): void {
    this.silent = { server: false }
    this.drop()
    this.options.changed()
  }

  /** A dead connection: a new one is made. */
  drop(): void {
    this.socket?.drop()
  }

  /** Until `wake`. */
  close(): void {
    this.closed = true
    this.timers.cancelAll()
    this.socket?.drop()
  }

  /** There is something to send, and no socket. */
  carry(): void {
    if (!this.silent) this.postSoon(Math.max(POST_AFTER, this.lastPost + POST_EVERY - Date.now()))
  }

  /** Over plain HTTP: say what is unsent, and hear what is missing. `leaving`: the page may be gone before the answer. */
  async post(leaving = false): Promise<void> {
    this.timers.cancel('post')
    if (!leaving && (this.posting || this.closed || this.open)) return
    this.posting = true
    this.lastPost = Date.now()
    const carried = this.options.unsent()
    const updates = carried.length ? [toBase64(merged(carried))] : []
    const answer = await postUpdates(this.options.urls.updates, { ...this.options.position(), updates }, leaving)
    this.posting = false
    if (answer.kind !== 'lost') this.met(answer, carried)
    else if (this.open && carried.length) this.drop() // the next greeting tells what came of it
    else this.lost(answer.server)
  }

  private met(answer: Exclude<Answer, { kind: 'lost' }>, carried: Entry[]): void {
    const wasSilent = this.silent !== null
    this.contact()
    this.options.answered(answer, carried)
    if (answer.kind !== 'merged' || this.closed) return
    if (wasSilent) this.timers.set('connect', Math.random() * 1_000, () => this.connect())
    if (this.open) return
    if (this.options.unsent().length) this.carry()
    else this.postSoon(POLL[document.visibilityState])
  }

  private lost(server: boolean): void {
    if (this.open || this.closed) return
    const delay = RETRY[Math.min(this.losses, RETRY.length - 1)] ?? TRY_AGAIN
    this.losses += 1
    this.silent = { server }
    this.postSoon(delay * (0.8 + Math.random() * 0.4))
    this.options.changed()
  }

  private hear(message: Incoming): void {
    if (message.type === 'welcome') {
      this.breaks = 0
      this.contact()
    }
    this.options.heard(message)
  }

  private contact(): void {
    this.silent = null
    this.losses = 0
    this.options.changed()
  }

  private broke(code: number): void {
    this.socket = null
    this.options.broke()
    const isAsleep = document.visibilityState === 'hidden' && !this.options.unsent().length
    if (this.closed || isAsleep) return // `wake` connects
    if (code === 1012) return this.timers.set('connect', Math.random() * 1_000, () => this.connect())
    this.breaks = code === 0 ? BREAKS : this.breaks + 1
    const delay = this.breaks < BREAKS ? 500 * 2 ** this.breaks * (0.5 + Math.random()) : TRY_AGAIN
    this.timers.set('connect', delay, () => this.connect())
    this.postSoon(0)
  }

  private postSoon(delay: number): void {
    this.timers.set('post', delay, () => void this.post())
  }

  /** Every few seconds, in case a message was lost. */
  private beat(): void {
    if (!this.socket || !this.open) return
    if (this.socket.silent) this.socket.drop()
    else this.askState()
  }
}
